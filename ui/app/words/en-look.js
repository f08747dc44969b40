/**
 * Having a look again at a time.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'do.look-again': 'Look again at…',
  'row.look': 'Look again {when}',
  'pane.look': 'Look again at',
  'keys.look': 'Look again at a time',
  'look.title': 'Look again later',
  'look.field': 'Time of day',
  'look.rule': 'The system is asked once then. A time that has passed today means tomorrow.',
  'look.soon': 'From now',
  'look.minutes.one': 'In {n} minute',
  'look.minutes.other': 'In {n} minutes',
  'look.hours.one': 'In {n} hour',
  'look.hours.other': 'In {n} hours',
  'look.submit': 'Look again',
  'look.back': 'Take back',
  'look.bad': 'Type a time such as 14:30.',
  'notice.look-planned': '{who}: the system is asked again {when}.',
  'notice.look-dropped': '{who}: the system is not asked again by itself.',
  'event.look-planned': 'To be asked again at {time}',
  'event.look-dropped': 'Asking again was taken back',
  'refused.bad-time': 'Choose a time within the next 24 hours.',
};
