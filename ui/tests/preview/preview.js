// A host that plays a scene, to look at the window in any browser:
// ?scene=full|many|first|ready|offline|token|behind|file|production&lang=bg&theme=dark&select=3&tab=all&press=…
import { environment, everySituation, link, row, token } from './rows.js';

const asked = new URLSearchParams(location.search);
const scene = asked.get('scene') ?? 'full';
const now = Date.now();
/** @type {(feed: object) => void} */
let send = () => {};
let seq = 0;
const rows = new Map(sceneRows().map((one) => [one.key, one]));
let environments = sceneEnvironments();

function sceneRows() {
  const all = everySituation(now);
  const name = scene === 'production' ? 'Централа' : 'Sandbox';
  if (scene === 'first' || scene === 'first-real') return [];
  if (scene === 'ready') return [all.ready, all['pre-sign'], { ...all['signing'], place: 'remote' }];
  const calm = Object.entries(all).filter(([key]) => scene === 'token' || key !== 'needs-token').filter(([key]) => scene === 'offline' || key !== 'offline');
  const list = calm.map(([, one]) => ({ ...one, environment: name }));
  list.push(row({ label: 'Remote, at home', place: 'remote', link: link(), step: { step: 'ready' }, environment: name, status: 'SIGN_SESSION_ID_SUCCESSFULLY_CREATED' }, now));
  if (scene === 'many') {
    for (let at = 0; at < 40; at += 1) {
      const left = 300_000 - at * 6_900;
      list.push(row({ label: `Клиент ${at + 1}`, id: 100_000 + at * 4_321, status: 'PROCESSING', step: { step: 'pre-sign', time: { clock: 'running', deadline: now + left, capMs: 300_000 } } }, now));
    }
  }
  return list;
}

function sceneEnvironments() {
  const production = environment({ name: 'Централа', kind: 'production', gateway: 'https://crm-gateway.bank.example', token: token({ expires: now + 3.5 * 60_000 }) });
  const test = environment({ name: 'api-test', kind: 'test', gateway: 'https://api-test.10npay.com', token: token({ state: 'missing', expires: null }) });
  const sandbox = environment({ offline: scene === 'offline', behind: scene === 'behind' });
  if (scene === 'first') sandbox.token = token({ state: 'missing', expires: null });
  if (scene === 'token') sandbox.token = token({ state: 'refused', expires: now - 1000 });
  if (scene === 'first-real') production.token = token({ state: 'missing', expires: null });
  return [production, test, sandbox];
}

const feed = (over = {}) => {
  seq += 1;
  send({ seq, rows: [], removed: [], environments: null, pulse: { watched: rows.size ? 17 : 0, pollsPerSecond: 5.6 }, entries: [], ...over });
};

function change(key, over) {
  const before = rows.get(key);
  const after = { ...before, state: before.state + 1, since: Date.now(), ...over };
  rows.set(key, after);
  feed({ rows: [after] });
}

const timeline = () => [
  { event: 'added', customer: 'still-identifying' },
  { event: 'stated', says: 'identification-finished', how: 'button', who: 'm.petrova' },
  { event: 'started', phase: 'pre-sign' },
  { event: 'status', phase: 'pre-sign', status: 'PROCESSING', message: 'Identification in review\u202e', backwards: false },
  { event: 'problem', phase: 'pre-sign', problem: { kind: 'server-error', http: 503, detail: null, traceId: null }, retryMs: 4000 },
  { event: 'link', host: 'sign.example.bg', generation: 1 },
  { event: 'ended', phase: 'pre-sign', result: { outcome: 'ready-to-sign', host: 'sign.example.bg' }, polls: 14 },
  { event: 'opened', host: 'sign.example.bg' },
].map((event, at) => ({ seq: at + 1, at: new Date(now - (9 - at) * 11_000).toISOString(), event }));

const REFUSE = asked.get('refuse');

const commands = {
  start: () => ({
    version: '0.1.0',
    settings: { environment: scene === 'production' || scene === 'first-real' ? 'Централа' : 'Sandbox', language: asked.get('lang') ?? 'bg', theme: asked.get('theme') ?? 'light', place: 'desk' },
    environmentsTrouble: scene === 'file' ? 'environments.toml, line 14: environment "Централа": allow[0] "*.bg" is a public suffix' : null,
  }),
  subscribe({ channel }) {
    send = (one) => channel.onmessage(one);
    seq = 0;
    if (scene !== 'loading') feed({ rows: [...rows.values()], environments });
    return null;
  },
  add({ enrollment }) {
    if (REFUSE) throw { code: REFUSE, rule: 'not-digits', key: [...rows.keys()][0] };
    const one = row({ id: Number(enrollment.id), label: enrollment.label, userType: enrollment.userType, place: enrollment.place, environment: enrollment.environment, since: Date.now() });
    rows.set(one.key, one);
    feed({ rows: [one] });
    return { done: 'added', key: one.key, normalised: false };
  },
  async act({ key, action }) {
    if (action.do === 'open') {
      await new Promise((done) => setTimeout(done, 1500));
      change(key, { step: { step: 'signing' }, confirmed: true });
      return { done: 'opened', host: 'sign.example.bg' };
    }
    if (action.do === 'remove') {
      rows.delete(key);
      feed({ removed: [key] });
    } else if (action.do === 'signing-finished') {
      change(key, { step: { step: 'post-sign', time: { clock: 'running', deadline: Date.now() + 300_000, capMs: 300_000 }, notSigned: false } });
    } else change(key, {});
    return { done: 'done' };
  },
  timeline,
  set_token() {
    if (REFUSE) throw { code: REFUSE };
    environments = environments.map((one) => ({ ...one, token: token() }));
    feed({ environments });
  },
  use_training_token: () => commands.set_token(),
  forget_token: () => null,
  read_token: () => null,
  choose: () => null,
};

globalThis.__TAURI__ = {
  core: {
    Channel: class {
      onmessage = () => {};
    },
    invoke: async (command, args) => commands[command](args),
  },
};

await import('../../app/main.js');
await new Promise((done) => setTimeout(done, 60));
if (asked.has('tab')) document.getElementById(`tab-${asked.get('tab')}`)?.click();
if (asked.has('select')) document.querySelector(`[data-situation="${asked.get('select')}"]`)?.click();
for (const selector of asked.getAll('click')) {
  await new Promise((done) => setTimeout(done, 800));
  document.querySelector(selector)?.click();
}
