/**
 * What the administrator has decided, and the program that brings tokens.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'refused.withdrawn': 'The administrator has taken this environment away. Nothing was done.',
  'interrupted.reconfigured': 'The administrator changed the environment.',
  'explain.interrupted.reconfigured': 'The administrator changed the system of this environment, so watching ended. Press “Resume” to go on with the full time.',
  'environment.withdrawn': 'taken away',
  'banner.withdrawn': 'The administrator has taken this environment away. Its list can be read; nothing is checked any more.',
  'banner.policy': 'The administrator’s settings have changed and hold a mistake. What they said before goes on. Please tell your administrator.',
  'settings.managed': 'Your administrator has set this. Nothing was changed.',
  'settings.who-is-there': 'Say first who is there. Nothing was changed.',
  'banner.token.ending': 'The token is good until {time}.',
  'banner.token.ending.more': 'Enter a new one before that, and nothing stops.',
  'token-problem.fetched': 'A program of your administrator’s brings this environment’s token. None can be entered here.',
  'token.command.about': 'A program of your administrator’s brings the token. Nothing has to be entered.',
  'token.command.running': 'It is running…',
  'token.command.fetched': 'It last brought one at {time}.',
  'token.command.fetch': 'Get a token now',
  'fetch-problem.not-found': 'The program that brings tokens is not there. Please tell your administrator.',
  'fetch-problem.not-owned': 'The program that brings tokens was not run: others than the administrator could have changed it. Please tell your administrator.',
  'fetch-problem.not-started': 'The program that brings tokens could not be started. Please tell your administrator.',
  'fetch-problem.timed-out': 'The program that brings tokens did not finish in ten seconds. Try again; if that does not help, tell your administrator.',
  'fetch-problem.failed': 'The program that brings tokens brought none. Try again; if that does not help, tell your administrator.',
  'fetch-problem.empty': 'The program that brings tokens brought nothing. Try again; if that does not help, tell your administrator.',
  'fetch-problem.too-long': 'What the program brought is too long for a token. Please tell your administrator.',
  'fetch-problem.no-token': 'What the program brought is no token. Please tell your administrator.',
  'fetch-problem.other': 'The program that brings tokens brought none ({code}).',
};
