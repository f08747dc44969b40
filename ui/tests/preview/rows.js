// Rows in every state, for the preview and for the tests.

const MINUTE = 60_000;
let next = 0;

/** @param {object} over @param {number} now */
export function row(over = {}, now = Date.now()) {
  next += 1;
  return {
    key: next, state: 1, environment: 'Sandbox', id: 1000 + next, userType: 'individual', label: '',
    place: 'desk', step: { step: 'expected' }, since: now - next * 7_300, status: null, statusKnown: true,
    message: null, problem: null, link: null, confirmed: false, busy: false, lookAt: null, note: '', saved: true, ...over,
  };
}

export const problem = (over = {}) => ({ kind: 'server-error', http: 503, detail: null, traceId: null, ...over });
export const link = (over = {}) => ({ host: 'sign.example.bg', generation: 1, received: Date.now() - 20_000, opened: false, ...over });

const running = (now, left) => ({ clock: 'running', deadline: now + left, capMs: 5 * MINUTE });
const held = (why, left = 3 * MINUTE) => ({ clock: 'held', leftMs: left, capMs: 5 * MINUTE, why });
const ended = (miss, phase = 'pre-sign') => ({ step: 'ended', phase, miss });
const POLLED = { status: 'PROCESSING' };
const SESSION = { status: 'SIGN_SESSION_ID_SUCCESSFULLY_CREATED' };
const REJECTED = problem({ kind: 'refused', http: 404, detail: 'The user was not found.', traceId: '00-84c1fd4063c38d9f3900d06e56542d48-85d1d4-00' });

/** One row of every situation, by its name. */
export function everySituation(now = Date.now()) {
  return {
    'expected': row({ label: 'Петрова, Анна', id: 2048 }, now),
    'pre-sign': row({ label: 'Димитров, Г.', ...POLLED, step: { step: 'pre-sign', time: running(now, 190_000) } }, now),
    'ready': row({ label: 'Иванова, М.', id: 1024, ...SESSION, link: link(), step: { step: 'ready' } }, now),
    'new-link-needed': row({ label: 'Стоянов, П.', ...SESSION, step: { step: 'new-link-needed' } }, now),
    'signing': row({ label: 'Колева, Р.', ...SESSION, confirmed: true, link: link({ opened: true }), step: { step: 'signing' }, since: now - 4 * MINUTE }, now),
    'signing-long': row({ label: 'Георгиева-Константинова, Александрина', ...SESSION, confirmed: true, link: link({ opened: true }), step: { step: 'signing' }, since: now - 13 * MINUTE }, now),
    'post-sign': row({ label: 'Delta OOD', id: 7731, userType: 'merchant', ...SESSION, step: { step: 'post-sign', time: running(now, 282_000), notSigned: false } }, now),
    'not-signed': row({ label: 'Тодоров, И.', ...SESSION, link: link({ generation: 3, opened: true }), confirmed: true, step: { step: 'post-sign', time: running(now, 200_000), notSigned: true } }, now),
    'signed': row({ label: 'Маринова, Е.', status: 'DOCUMENT_SIGN_SUCCESS', step: { step: 'signed' } }, now),
    'handed-on': row({ label: 'Попов, С.', status: 'DOCUMENT_SIGN_SUCCESS', step: { step: 'handed-on' } }, now),
    'needs-token': row({ label: 'Ангелов, Т.', ...POLLED, step: { step: 'pre-sign', time: held('needs-token') } }, now),
    'offline': row({ label: 'Николова, В.', ...POLLED, step: { step: 'pre-sign', time: held('offline', 140_000) } }, now),
    'gateway-trouble': row({ label: 'Борисов, К.', ...POLLED, problem: { problem: problem(), at: now - 3_000, retryAt: now + 16_000 }, step: { step: 'pre-sign', time: running(now, 45_000) } }, now),
    'unknown-status': row({ label: 'Василев, Д.', status: 'AWAITING_OPERATOR_REVIEW', statusKnown: false, message: 'The recording waits for an operator.', step: { step: 'pre-sign', time: running(now, 240_000) } }, now),
    'timed-out-a': row({ label: 'Христова, Л.', ...POLLED, lookAt: now + 40 * 60_000, step: ended({ outcome: 'timed-out', cause: 'cap' }) }, now),
    'timed-out-b': row({ label: 'Пенев, О.', ...SESSION, step: ended({ outcome: 'timed-out', cause: 'retry-after' }, 'post-sign') }, now),
    'failed-a': row({ label: 'Златева, Ю.', status: 'ERROR', step: ended({ outcome: 'failed', status: 'ERROR' }) }, now),
    'failed-b': row({ label: 'Илиев, Ф.', status: 'ERROR', step: ended({ outcome: 'failed', status: 'ERROR' }, 'post-sign') }, now),
    'rejected': row({ label: 'Кръстева, Ж.', id: 4001, step: ended({ outcome: 'rejected', problem: REJECTED }) }, now),
    'blocked-url': row({ label: 'Омега ЕООД', id: 9001, userType: 'merchant', ...SESSION, step: ended({ outcome: 'blocked-url', rule: 'no-entry', host: 'sign.examp1e.bg' }) }, now),
    'unauthorized': row({ label: 'Русев, Н.', step: ended({ outcome: 'unauthorized' }) }, now),
    'gave-up': row({ label: 'Донева, И.', ...POLLED, step: ended({ outcome: 'gave-up', reason: 'fail-page' }) }, now),
    'stopped': row({ label: 'Цветков, А.', ...POLLED, step: ended({ outcome: 'stopped' }) }, now),
    'wrong-id': row({ id: 2147483647, step: ended({ outcome: 'wrong-id' }) }, now),
    'handed-over': row({ label: 'Димова, Р.', ...POLLED, step: ended({ outcome: 'interrupted', why: 'handed-over' }) }, now),
    'interrupted': row({ label: 'Савов, Б.', ...POLLED, step: ended({ outcome: 'interrupted', why: 'offline' }) }, now),
  };
}

export const journal = (over = {}) => ({ health: 'well', saved: Date.now(), waiting: 0, lost: 0, notices: [], ...over });

export const SALVAGED = { notice: 'salvaged', aside: 'C:\\Users\\m.petrova\\AppData\\Local\\Enrollment Console\\journal.damaged-2026-11-25.sqlite', enrollments: 2, entries: 31, backup: '2026-11-24' };

export const token = (over = {}) => ({ state: 'accepted', expires: Date.now() + 41.5 * MINUTE, sessionOnly: false, command: null, ...over });

export function environment(over = {}) {
  return {
    name: 'Sandbox', kind: 'training', gateway: 'http://127.0.0.1:40211', allow: ['http://127.0.0.1:40211/'],
    nextStep: 'Дайте на клиента копие от договора и продължете в CRM, екран „Сметки“.', token: token(),
    offline: false, behind: false, withdrawn: false, ...over,
  };
}

/** The modules of a QR code that leads to https://sign.example.bg/s/preview, row by row. */
export const QR_MODULES = [
  '#######..#.....##.###.#######',
  '#.....#.##.##....#....#.....#',
  '#.###.#..###..#.#..#..#.###.#',
  '#.###.#.##.#....###...#.###.#',
  '#.###.#...#.####.####.#.###.#',
  '#.....#.#.#..#####....#.....#',
  '#######.#.#.#.#.#.#.#.#######',
  '............##.#...##........',
  '#####.#####.#.##.#.#.#.#.#.#.',
  '..#..#.#.#.....##..#.##.#...#',
  '#.###.#..#.##....##.#.#......',
  '##.....#####..#.#...####.#.#.',
  '.###.###.#.#.....##......##..',
  '#..#.#....#.####.########...#',
  '..#.####.....#####.....#.##..',
  '###....##.#.##..#...#..##..#.',
  '#.....##....#.####.#.....##..',
  '######...#......#..##.###.#.#',
  '#.#.#.###..##..##.#..####.#..',
  '#.##.#.#..##..###.#..#.....#.',
  '#..##.#.#..#...#.#..#####.###',
  '........###.###.#..##...#####',
  '#######.#....########.#.###..',
  '#.....#.....##.#..###...#....',
  '#.###.#.#.#.#.#..#..#####.##.',
  '#.###.#.##......#.##.....####',
  '#.###.#.#.###..#...#########.',
  '#.....#.####..#.#...##.#.#.#.',
  '#######.##.#...###.#....###..',
].join('');
