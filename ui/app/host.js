/** @import { Action, Add, DeepLink, Done, Entry, Feed, IntakeLine, Key, Numbers, Reach, Settings, ShiftEnded, ShiftRead, Start } from './types.js' */

/**
 * Everything the window asks of the program behind it. The only file that knows Tauri.
 *
 * @typedef {object} Host
 * @property {() => Promise<Start>} start
 * @property {(onFeed: (feed: Feed) => void) => Promise<void>} subscribe a newer subscription
 *   replaces the older one
 * @property {(bytes: number[]) => Promise<IntakeLine[]>} readList reads a list and starts nothing;
 *   rejects with IntakeError
 * @property {(enrollment: Add) => Promise<Done>} add rejects with Refused
 * @property {(key: Key, state: number, action: Action) => Promise<Done>} act rejects with Refused;
 *   for opening and single polls it settles when they are done, up to 12 s later
 * @property {(key: Key) => Promise<Entry[]>} timeline rejects where older lines cannot be read now
 * @property {(environment: string, since: number) => Promise<Numbers>} numbers of a day that began
 *   at `since`; rejects where there is no such environment
 * @property {(environment: string, token: string, sessionOnly: boolean) => Promise<void>} setToken
 *   rejects with TokenProblem, as do the next two
 * @property {(environment: string) => Promise<void>} useTrainingToken
 * @property {(environment: string) => Promise<void>} forgetToken
 * @property {(environment: string) => Promise<void>} readToken asks the keyring once more
 * @property {(environment: string) => Promise<void>} fetchToken has the token command run once more
 * @property {(environment: string) => Promise<Reach>} reach whether anybody answers for its gateway, up to 10 s later
 * @property {(settings: Settings) => Promise<void>} choose rejects with the code not-written where
 *   they hold for this run alone, and with another one where nothing has changed
 * @property {(words: string, sound: boolean) => Promise<unknown>} tell says a word on the desktop
 * @property {() => Promise<unknown>} hide tells that the list is covered
 * @property {(name: string) => Promise<unknown>} come says who is there; rejects with Refused
 * @property {() => Promise<ShiftEnded>} endShift rejects with Refused; may take as long as the
 *   password store does
 * @property {() => Promise<string>} handOverShift writes whoever still needs somebody into a file, stops
 *   watching them, and answers where it is; rejects with HandoutProblem, as do the other files
 * @property {(bytes: number[]) => Promise<ShiftRead>} readShift judges another desk's shift and changes
 *   nothing; rejects with ShiftError
 * @property {(bytes: number[]) => Promise<Done>} takeInShift rejects with ShiftError or Refused
 * @property {(rows: string[][]) => Promise<string>} saveList writes rows into a file for spreadsheets
 * @property {() => Promise<string>} supportBundle writes what support may see into a file, and
 *   answers where it is; rejects with HandoutProblem
 * @property {(onLink: (link: DeepLink) => void) => Promise<void>} links hears what links into the
 *   console ask for
 * @property {(onAsked: (asked: { watched: number, tray: boolean }) => void) => Promise<void>} closing hears
 *   when somebody wants to close the window; stay, toTray or quit answers
 * @property {(words: { waiting: number, title: string, show: string, quit: string }) => Promise<void>} sayInTray
 * @property {() => Promise<boolean>} toTray whether the window is gone, and the console goes on
 * @property {() => Promise<void>} stay
 * @property {() => Promise<void>} quit
 */

/**
 * @typedef {{ onmessage: (message: any) => void }} Channel
 * @typedef {{ invoke: (command: string, args?: object) => Promise<any>, Channel: new () => Channel }} TauriCore
 */

/** @returns {Host} */
export function tauriHost() {
  const core = /** @type {{ __TAURI__: { core: TauriCore } }} */ (/** @type {unknown} */ (window))
    .__TAURI__.core;
  const { invoke } = core;
  const channelTo = (/** @type {(message: any) => void} */ onMessage) => Object.assign(new core.Channel(), { onmessage: onMessage });
  return {
    start: () => invoke('start'),
    subscribe: (onFeed) => invoke('subscribe', { channel: channelTo(onFeed) }),
    readList: (bytes) => invoke('read_list', { bytes }),
    add: (enrollment) => invoke('add', { enrollment }),
    act: (key, state, action) => invoke('act', { key, state, action }),
    timeline: (key) => invoke('timeline', { key }),
    numbers: (environment, since) => invoke('numbers', { environment, since }),
    setToken: (environment, token, sessionOnly) =>
      invoke('set_token', { environment, token, sessionOnly }),
    useTrainingToken: (environment) => invoke('use_training_token', { environment }),
    forgetToken: (environment) => invoke('forget_token', { environment }),
    readToken: (environment) => invoke('read_token', { environment }),
    fetchToken: (environment) => invoke('fetch_token', { environment }),
    reach: (environment) => invoke('reach', { environment }),
    choose: (settings) => invoke('choose', { settings }),
    tell: (words, sound) => invoke('tell', { words, sound }),
    hide: () => invoke('hide'),
    come: (name) => invoke('come', { name }),
    endShift: () => invoke('end_shift'),
    handOverShift: () => invoke('hand_over_shift'),
    readShift: (bytes) => invoke('read_shift', { bytes }),
    takeInShift: (bytes) => invoke('take_in_shift', { bytes }),
    saveList: (rows) => invoke('save_list', { rows }),
    supportBundle: () => invoke('support_bundle'),
    links: (onLink) => invoke('links', { channel: channelTo(onLink) }),
    closing: (onAsked) => invoke('closing', { channel: channelTo(onAsked) }),
    sayInTray: (words) => invoke('say_in_tray', { words }),
    toTray: () => invoke('to_tray'),
    stay: () => invoke('stay'),
    quit: () => invoke('quit'),
  };
}

/**
 * The host, asked already for what a window begins with.
 *
 * @param {Host} host
 * @returns {Host}
 */
export function begun(host) {
  /** @type {Feed[]} */
  const early = [];
  /** @type {(feed: Feed) => void} */
  let onFeed = (feed) => early.push(feed);
  const start = host.start();
  const subscribed = host.subscribe((feed) => onFeed(feed));
  // Whoever asks for either of them hears of it.
  for (const one of [start, subscribed]) one.catch(() => {});
  let isFirst = true;
  return {
    ...host,
    start: () => start,
    subscribe: (take) => {
      if (!isFirst) return host.subscribe(take);
      isFirst = false;
      onFeed = take;
      early.forEach(take);
      return subscribed;
    },
  };
}
