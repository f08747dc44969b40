/**
 * Everything that can be done, by its name.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'keys.palette': 'Всички команди',
  'palette.title': 'Команди',
  'palette.field': 'Какво искате да направите?',
  'palette.none': 'Няма такова действие в момента.',
  'palette.group': 'Група: {group}',
  'palette.language': 'Език: {language}',
};
