/**
 * What is said to whoever looks elsewhere, and how much room a row takes.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'header.heads-up': 'On the desktop, while you look elsewhere',
  'header.heads-up.counts': 'How many',
  'header.heads-up.names': 'Who and what',
  'header.heads-up.off': 'Nothing',
  'header.sound': 'With a sound',
  'heads-up.token': 'A new token is needed.',
  'heads-up.ready.one': '{n} customer is ready to sign.',
  'heads-up.ready.other': '{n} customers are ready to sign.',
  'heads-up.signed.one': '{n} customer has signed.',
  'heads-up.signed.other': '{n} customers have signed.',
  'heads-up.needs.one': '{n} customer needs you.',
  'heads-up.needs.other': '{n} customers need you.',
  'heads-up.ended.one': '{n} watch ended without its goal.',
  'heads-up.ended.other': '{n} watches ended without their goal.',
  'heads-up.blocked.one': '{n} link was blocked.',
  'heads-up.blocked.other': '{n} links were blocked.',
  'header.zoom': 'Size of everything',
  'header.zoom.percent': '{n} %',
  'keys.zoom': 'Larger, smaller, usual size',
  'header.density': 'Rows',
  'header.density.comfortable': 'Comfortable',
  'header.density.compact': 'Compact',
  'news.legend': 'A word there about',
  'news.token': 'A token that is needed',
  'news.ready': 'Ready to sign',
  'news.signed': 'Signed',
  'news.needs': 'Needs you',
  'news.ended': 'Ended without its goal',
  'news.blocked': 'Blocked links',
};
