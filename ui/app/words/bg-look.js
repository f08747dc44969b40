/**
 * Having a look again at a time.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'do.look-again': 'Провери пак в…',
  'row.look': 'Нова проверка {when}',
  'pane.look': 'Нова проверка в',
  'keys.look': 'Провери пак в определен час',
  'look.title': 'Проверка по-късно',
  'look.field': 'Час',
  'look.rule': 'Тогава системата се пита веднъж. Час, който днес е минал, значи утре.',
  'look.soon': 'От сега',
  'look.minutes.one': 'След {n} минута',
  'look.minutes.other': 'След {n} минути',
  'look.hours.one': 'След {n} час',
  'look.hours.other': 'След {n} часа',
  'look.submit': 'Провери тогава',
  'look.back': 'Отмени проверката',
  'look.bad': 'Въведете час, например 14:30.',
  'notice.look-planned': '{who}: нова проверка {when}.',
  'notice.look-dropped': '{who}: няма да се проверява само.',
  'event.look-planned': 'Нова проверка в {time}',
  'event.look-dropped': 'Новата проверка е отменена',
  'refused.bad-time': 'Изберете час в следващите 24 часа.',
};
