/**
 * Files for somebody outside the console.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'support.heading': 'За програмата и поддръжка',
  'support.bundle': 'Запиши пакет за поддръжка',
  'support.hint': 'Версии, настройки, дневник и бройки – за изпращане на поддръжката. Без токен, линк или име; номерата са скрити.',
  'support.written': 'Пакетът за поддръжка е в {place}',
  'handout.writing': 'Записва се…',
  'handout.copy': 'Копирай мястото',
  'handout.failed': 'Файлът не можа да бъде записан. {why}',
  'handout.no-folder': 'Няма папка, в която да се запише. Обърнете се към администратора на компютъра.',
};
