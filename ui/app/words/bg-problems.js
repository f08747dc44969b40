/**
 * What went wrong between the console and the gateway.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'problem.server-error': 'Възникна грешка в системата.',
  'problem.busy': 'Системата е натоварена.',
  'problem.unexpected-success': 'Отговор без статус.',
  'problem.not-json': 'Отговорът не може да бъде прочетен.',
  'problem.wrong-type': 'Отговорът не е в уговорения вид.',
  'problem.truncated': 'Отговорът прекъсна по средата.',
  'problem.oversized': 'Отговорът е твърде голям.',
  'problem.unauthorized': 'Токенът не е приет.',
  'problem.refused': 'Системата отхвърли заявката.',
  'problem.redirect': 'Системата пренасочи заявката; пренасочване не се следва.',
  'problem.name': 'Адресът на системата не е намерен.',
  'problem.connect': 'Няма връзка със системата.',
  'problem.proxy-unreachable': 'Няма връзка с прокси сървъра.',
  'problem.proxy-login': 'Прокси сървърът иска потребителско име и парола. Обърнете се към администратора.',
  'problem.proxy-refused': 'Прокси сървърът не пропуска към системата. Обърнете се към администратора.',
  'problem.tls': 'Не може да се установи защитена връзка.',
  'problem.certificate-unknown': 'Сертификатът на системата не е издаден от доверен издател. Обърнете се към администратора.',
  'problem.certificate-expired': 'Сертификатът на системата е изтекъл или часовникът на този компютър е грешен.',
  'problem.certificate-not-yet': 'Сертификатът на системата още не е в сила или часовникът на този компютър е грешен.',
  'problem.certificate-name': 'Сертификатът на системата е за друг сървър. Обърнете се към администратора.',
  'problem.certificate-revoked': 'Сертификатът на системата е отменен. Обърнете се към администратора.',
  'problem.certificate-invalid': 'Сертификатът на системата не е валиден. Обърнете се към администратора.',
  'problem.reset': 'Връзката прекъсна.',
  'problem.timeout': 'Няма отговор в срока.',
  'problem.other': 'Проблем, за който тук няма думи: {code}.',
};
