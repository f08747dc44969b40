/**
 * What is said to whoever looks elsewhere, and how much room a row takes.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'header.heads-up': 'На работния плот, докато гледате другаде',
  'header.heads-up.counts': 'Колко',
  'header.heads-up.names': 'Кой и какво',
  'header.heads-up.off': 'Нищо',
  'header.sound': 'Със звук',
  'heads-up.token': 'Необходим е нов токен.',
  'heads-up.ready.one': '{n} клиент е готов за подписване.',
  'heads-up.ready.other': '{n} клиенти са готови за подписване.',
  'heads-up.signed.one': '{n} клиент подписа.',
  'heads-up.signed.other': '{n} клиенти подписаха.',
  'heads-up.needs.one': '{n} клиент чака действие.',
  'heads-up.needs.other': '{n} клиенти чакат действие.',
  'heads-up.ended.one': '{n} проследяване приключи без резултат.',
  'heads-up.ended.other': '{n} проследявания приключиха без резултат.',
  'heads-up.blocked.one': '{n} линк е блокиран.',
  'heads-up.blocked.other': '{n} линка са блокирани.',
  'header.zoom': 'Големина на всичко',
  'header.zoom.percent': '{n} %',
  'keys.zoom': 'По-едро, по-дребно, обичайно',
  'header.density': 'Редове',
  'header.density.comfortable': 'Просторни',
  'header.density.compact': 'Сбити',
  'news.legend': 'Съобщение там за',
  'news.token': 'Необходим токен',
  'news.ready': 'Готово за подписване',
  'news.signed': 'Подписано',
  'news.needs': 'Има нужда от Вас',
  'news.ended': 'Приключило без резултат',
  'news.blocked': 'Блокирани линкове',
};
