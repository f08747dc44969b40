/**
 * Everything that can be done, by its name.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'keys.palette': 'All commands',
  'palette.title': 'Commands',
  'palette.field': 'What do you want to do?',
  'palette.none': 'Nothing of that name can be done now.',
  'palette.group': 'Group: {group}',
  'palette.language': 'Language: {language}',
};
