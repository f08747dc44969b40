// A host that plays a scene, to look at the window in any browser:
// ?scene=full|many|first|ready|offline|token|behind|file|settings|production|opening|unread|troubled|
// newer|lost|no-folder|notices|restart|unsaved|closing|who|managed|fetched|left|no-browser&lang=bg&theme=dark&select=ready&tab=all&click=…
import { QR_MODULES, SALVAGED, environment, everySituation, journal, link, problem, row, token } from './rows.js';

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
  const name = ['production', 'fetched'].includes(scene) ? 'Централа' : 'Sandbox';
  if (['first', 'first-real', 'opening', 'unread'].includes(scene)) return [];
  if (scene === 'ready') return [all.ready, all['pre-sign'], { ...all['signing'], place: 'remote' }];
  const calm = Object.entries(all).filter(([key]) => scene === 'token' || key !== 'needs-token').filter(([key]) => scene === 'offline' || key !== 'offline');
  const list = calm.map(([, one]) => ({ ...one, environment: name }));
  list.push(row({ label: 'Remote, at home', place: 'remote', link: link(), step: { step: 'ready' }, environment: name, status: 'SIGN_SESSION_ID_SUCCESSFULLY_CREATED' }, now));
  if (scene === 'restart') {
    const closed = { step: { step: 'ended', phase: 'pre-sign', miss: { outcome: 'interrupted', why: 'closed' } }, status: 'PROCESSING' };
    list.push(row({ label: 'Янкова, Д.', ...closed, since: now - 14 * 60_000 }, now), row({ label: 'Митев, Р.', ...closed, since: now - 26 * 3_600_000 }, now));
  }
  if (scene === 'unsaved' || scene === 'troubled' || scene === 'closing') for (const at of [1, 2, 5]) list[at] = { ...list[at], saved: false };
  const noted = list.findIndex((one) => one.label === 'Иванова, М.');
  list[noted] = { ...list[noted], note: 'Ще се обади след 15 ч.\nДвама пълномощници, вторият е с чуждестранен паспорт.' };
  if (scene === 'many') {
    const count = Number(asked.get('n') ?? 40);
    for (let at = 0; at < count; at += 1) {
      const left = 300_000 - (at % 40) * 6_900;
      list.push(row({ label: `Клиент ${at + 1}`, id: 100_000 + at * 4_321, status: 'PROCESSING', step: { step: 'pre-sign', time: { clock: 'running', deadline: now + left, capMs: 300_000 } } }, now));
    }
  }
  return list;
}

function sceneEnvironments() {
  const production = environment({ name: 'Централа', kind: 'production', gateway: 'https://crm-gateway.bank.example', token: token({ expires: now + 3.5 * 60_000 }) });
  const test = environment({ name: 'api-test', kind: 'test', gateway: 'https://api-test.10npay.com', token: token({ state: 'missing', expires: null }) });
  const sandbox = environment({ offline: scene === 'offline', behind: scene === 'behind' });
  if (scene === 'fetched') {
    production.token = token({ expires: now + 3.5 * 60_000, command: { running: asked.has('running'), fetched: now - 52 * 60_000, problem: { code: 'timed-out' } } });
    return [production, { ...test, withdrawn: true }, sandbox];
  }
  if (scene === 'first') sandbox.token = token({ state: 'missing', expires: null });
  if (scene === 'token') sandbox.token = token({ state: 'refused', expires: now - 1000 });
  if (scene === 'first-real') production.token = token({ state: asked.get('token') ?? 'missing', expires: null });
  return [production, test, sandbox];
}

const JOURNALS = {
  opening: { health: 'opening', saved: null },
  unread: { health: 'troubled', trouble: 'cannot-open', saved: null },
  troubled: { health: 'troubled', trouble: 'full', saved: now - 90_000, waiting: 12, lost: asked.has('lost') ? 41 : 0 },
  closing: { health: 'troubled', trouble: 'busy', waiting: 3 },
  newer: { health: 'newer', saved: null },
  lost: { lost: 41 },
  'no-folder': { health: 'troubled', trouble: 'cannot-open', saved: null, notices: [{ notice: 'no-folder', why: '/home/m.petrova/.local/share/enrollment-console/journal: Permission denied' }] },
  notices: { notices: [SALVAGED, { notice: 'unknown-environment', environment: 'Филиал \u202eСофия', enrollments: 3 }, { notice: 'no-backup', trouble: 'full' }] },
};

const POLICY = { file: '/etc/enrollment-console/policy.toml', trouble: null, environments: false, keepDays: null, hideAfter: null, asksOperator: false, operators: [] };
const POLICIES = {
  who: { ...POLICY, asksOperator: true, operators: asked.has('names') ? ['Мария Петрова', 'Иван Колев', 'Александрина Георгиева-Константинова'] : [] },
  managed: { ...POLICY, hideAfter: 3 },
  fetched: { ...POLICY, environments: true, keepDays: 30, trouble: 'managed policy /etc/enrollment-console/policy.toml: line 7: environment "Централа": allow[0] "*.bg" is a public suffix' },
};

// What https://sign.example.bg/s/preview looks like to a camera.
const QR = { size: 29, modules: QR_MODULES };

const feed = (over = {}) => {
  seq += 1;
  send({ seq, rows: [], removed: [], environments: null, journal: null, pulse: { watched: rows.size ? 17 : 0, pollsPerSecond: 5.6 }, entries: [], ...over });
};

function change(key, over) {
  const before = rows.get(key);
  const after = { ...before, state: before.state + 1, since: Date.now(), ...over };
  rows.set(key, after);
  feed({ rows: [after] });
}

const PETROVA = { account: 'm.petrova', name: 'Мария Петрова' };
const DESK = { account: 'desk-3', name: null };
const BY = { added: DESK, stated: PETROVA, started: PETROVA, opened: PETROVA, noted: DESK, removed: DESK, restored: DESK };

const timeline = () => [
  { event: 'added', customer: 'still-identifying' },
  { event: 'stated', says: 'identification-finished', how: 'button' },
  { event: 'started', phase: 'pre-sign' },
  { event: 'status', phase: 'pre-sign', status: 'PROCESSING', message: 'Identification in review\u202e', backwards: false },
  { event: 'problem', phase: 'pre-sign', problem: { kind: 'server-error', http: 503, detail: null, traceId: null }, retryMs: 4000 },
  { event: 'link', host: 'sign.example.bg', generation: 1 },
  { event: 'ended', phase: 'pre-sign', result: { outcome: 'ready-to-sign', host: 'sign.example.bg' }, polls: 14 },
  { event: 'opened', host: 'sign.example.bg' },
  { event: 'noted', note: 'Ще се обади след 15 ч.\nДвама пълномощници, вторият е с чуждестранен паспорт.' },
  { event: 'removed' },
  { event: 'restored' },
].map((event, at) => ({ seq: at + 1, at: new Date(now - (12 - at) * 11_000).toISOString(), by: BY[event.event] ?? null, event }));

const REFUSE = asked.get('refuse');

const commands = {
  start: () => ({
    version: '0.1.0',
    settings: { environment: ['production', 'first-real', 'fetched'].includes(scene) ? 'Централа' : 'Sandbox', language: asked.get('lang') ?? 'bg', theme: asked.get('theme') ?? 'light', place: 'desk', keepDays: 30, hideAfter: 10, singleKeys: true, order: 'attention', headsUp: 'counts', muted: [], sound: false, density: asked.get('density') ?? 'comfortable', zoom: '100', hideNumbers: asked.get('numbers') !== 'plain' },
    environmentsTrouble: scene === 'file' ? 'environments.toml, line 14: environment "Централа": allow[0] "*.bg" is a public suffix' : null,
    settingsTrouble: scene === 'settings' ? '/home/m.petrova/.config/enrollment-console/settings.json: EOF while parsing a string at line 1 column 15\nIt is kept as settings.json.unreadable' : null,
  }),
  subscribe({ channel }) {
    send = (one) => channel.onmessage(one);
    seq = 0;
    if (scene !== 'loading') feed({ rows: [...rows.values()], environments, journal: journal(JOURNALS[scene]), policy: POLICIES[scene] ?? null, operator: { account: 'desk-3', name: null } });
    return null;
  },
  read_list: () => [
    { number: 1, text: '1024; Иванова, Мария', verdict: { verdict: 'good', id: 1024, userType: 'individual', label: 'Иванова, Мария' } },
    { number: 2, text: '7731; Delta OOD', verdict: { verdict: 'good', id: 2147480, userType: 'merchant', label: 'Север Трейд и Партньори – международни превози АД' } },
    { number: 3, text: '1 024; Георгиева', verdict: { verdict: 'bad-id', rule: 'not-digits' } },
    { number: 4, text: '5001', verdict: { verdict: 'good', id: 5001, userType: null, label: '' } },
    { number: 5, text: '5001', verdict: { verdict: 'twice', line: 4 } },
    { number: 6, text: '6001; нотариус', verdict: { verdict: 'bad-type' } },
    { number: 7, text: '88123', verdict: { verdict: 'good', id: 88123, userType: null, label: 'Петрова' } },
  ],
  add({ enrollment }) {
    if (REFUSE) throw { code: REFUSE, rule: 'not-digits', key: [...rows.keys()][0] };
    const one = row({ id: Number(enrollment.id), label: enrollment.label, userType: enrollment.userType, place: enrollment.place, environment: enrollment.environment, since: Date.now() });
    rows.set(one.key, one);
    feed({ rows: [one] });
    return { done: 'added', key: one.key, normalised: false };
  },
  async act({ key, action }) {
    if (action.do === 'hand-over') {
      await new Promise((done) => setTimeout(done, 600));
      if (scene === 'no-browser' && action.way === 'browser') throw { code: 'not-opened', why: 'no-browser' };
      change(key, { step: { step: 'signing' }, confirmed: true });
      const host = 'sign.example.bg';
      if (action.way === 'qr-code') return { done: 'shown', host, generation: rows.get(key).link.generation, code: QR };
      return { done: action.way === 'browser' ? 'opened' : 'copied', host };
    }
    if (REFUSE && action.do === 'note') throw { code: REFUSE };
    if (action.do === 'watch-again') await new Promise((done) => setTimeout(done, 700));
    if (action.do === 'note') {
      rows.set(key, { ...rows.get(key), note: action.note, saved: false });
      feed({ rows: [rows.get(key)] });
      rows.set(key, { ...rows.get(key), saved: true });
      setTimeout(() => feed({ rows: [rows.get(key)], journal: journal() }), 80);
    } else if (action.do === 'watch-again') {
      change(key, { step: { step: 'pre-sign', time: { clock: 'running', deadline: Date.now() + 300_000, capMs: 300_000 } } });
    } else if (action.do === 'remove' || action.do === 'forget') {
      rows.delete(key);
      feed({ removed: [key] });
    } else if (action.do === 'signing-finished') {
      change(key, { step: { step: 'post-sign', time: { clock: 'running', deadline: Date.now() + 300_000, capMs: 300_000 }, notSigned: false } });
    } else change(key, {});
    return { done: 'done' };
  },
  timeline() {
    if (JOURNALS[scene]?.health === 'troubled') throw null;
    return asked.has('older') ? Array.from({ length: 1000 }, (_, at) => ({ ...timeline()[9 + (at % 2)], seq: at + 41 })) : timeline();
  },
  numbers() {
    if (asked.has('unread')) throw null;
    const quiet = asked.has('quiet');
    const times = (counts, medianMs, timedOut) => ({
      medianMs: quiet ? null : medianMs,
      timedOut: quiet ? 0 : timedOut,
      bars: [30_000, 60_000, 120_000, 180_000, 300_000, 600_000, null].map((uptoMs, at) => ({ uptoMs, customers: quiet ? 0 : counts[at] })),
    });
    const hours = quiet ? [] : [0, 0, 0, 0, 0, 0, 0, 1, 6, 14, 21, 17, 9, 12, 19, 23, 4];
    const answers = [8_412, 1_290, 341, 122, 40, 9, 0, 2];
    return {
      day: { signed: hours.reduce((sum, one) => sum + one, 0), hours, preSign: times([12, 31, 48, 22, 14, 3, 2], 94_000, 5), postSign: times([58, 41, 17, 6, 2, 1, 1], 37_500, 2) },
      answers: { since: now - 3 * 3_600_000, polls: quiet ? 0 : 10_231, errors: quiet ? 0 : 15, medianMs: quiet ? null : 100, p95Ms: quiet ? null : 200, bars: [100, 200, 300, 500, 1_000, 2_000, 5_000, 10_000].map((uptoMs, at) => ({ uptoMs, answers: quiet ? 0 : answers[at] })) },
      whole: !asked.has('part'),
    };
  },
  set_token() {
    if (REFUSE) throw { code: REFUSE };
    environments = environments.map((one) => ({ ...one, token: token() }));
    feed({ environments });
  },
  use_training_token: () => commands.set_token(),
  forget_token: () => null,
  read_token: () => null,
  reach: () => {
    if (asked.get('reach') === 'asking') return new Promise(() => {});
    if (asked.get('reach') === 'silent') return { reach: 'silent', problem: problem({ kind: 'certificate-unknown', http: null }) };
    return { reach: 'answers', http: 404, tookMs: 83 };
  },
  choose() {
    if (scene === 'settings') throw { code: 'not-written' };
  },
  hide: () => (feed({ operator: { account: 'desk-3', name: null } }), null),
  come({ name }) {
    if (name.trim() === '') throw { code: 'bad-name', rule: 'empty' };
    feed({ operator: { account: 'desk-3', name: name.trim() } });
    return { done: 'done' };
  },
  end_shift() {
    const tokensLeft = scene === 'left' ? [{ environment: 'Централа', why: { code: 'locked' } }] : [];
    return { interrupted: 17, tokensLeft };
  },
  hand_over_shift: () => '/home/m.petrova/Downloads/enrollment-shift-2026-11-27-1412.json',
  read_shift: () => ({
    made: new Date(Date.now() - 600_000).toISOString(),
    by: { account: 'desk-2', name: 'Иван Колев' },
    lines: [
      { environment: 'Централа', id: 1024, userType: 'individual', label: 'Иванова, М.', stands: 'pre-sign', verdict: 'good' },
      { environment: 'Централа', id: 7731, userType: 'merchant', label: 'Delta OOD', stands: 'post-sign', verdict: 'already-here' },
      { environment: 'Пловдив', id: 12, userType: 'individual', label: '', stands: 'expected', verdict: 'unknown-environment' },
    ],
  }),
  take_in_shift: () => ({ done: 'taken-in', enrollments: 1 }),
  save_list: () => '/home/m.petrova/Downloads/enrollments-2026-11-27-1412.csv',
  support_bundle: () => '/home/m.petrova/Downloads/enrollment-support-2026-11-27-1412.zip',
  closing({ channel }) {
    if (scene === 'closing') setTimeout(() => channel.onmessage({ watched: 17 }), 900);
  },
  sayInTray: () => null,
  toTray: () => true,
  stay: () => null,
  quit: () => null,
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
for (const code of asked.getAll('key')) {
  await new Promise((resolve) => setTimeout(resolve, 300));
  document.dispatchEvent(new KeyboardEvent('keydown', { code, key: code, ctrlKey: code === 'KeyK', bubbles: true, cancelable: true }));
}
if (asked.has('paste')) {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text', 'a\nb');
  document.getElementById('add-id')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
}
