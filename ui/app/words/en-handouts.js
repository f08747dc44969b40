/**
 * Files for somebody outside the console.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'support.heading': 'About and support',
  'support.bundle': 'Write a bundle for support',
  'support.hint': 'Versions, settings, the log and counts, to send to whoever helps. No token, no link, nobody’s name; numbers are masked.',
  'support.written': 'The bundle for support is in {place}',
  'handout.writing': 'Writing…',
  'handout.copy': 'Copy the place',
  'handout.failed': 'The file could not be written. {why}',
  'handout.no-folder': 'There is no folder to write to. Ask whoever looks after this computer.',
};
