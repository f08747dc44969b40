/**
 * Many customers added at once, and links into the console.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'add.many': 'Поставете тук списък или',
  'add.file': 'изберете файл',
  'list-add.title': 'Добавяне на клиенти',
  'list-add.customer': 'Докъде са стигнали тези клиенти?',
  'list-add.type': 'Вид, където списъкът не го посочва',
  'list-add.lines': 'Редове от списъка',
  'list-add.mend': 'Ред {line}, за поправка',
  'list-add.here': 'Вече е в списъка',
  'list-add.twice': 'Същият клиент като на ред {line}',
  'list-add.bad-type': 'Видът не е нито физическо лице, нито търговец',
  'list-add.label-too-long': 'Етикетът е по-дълъг от 80 знака',
  'list-add.good.one': '{n} клиент може да се добави.',
  'list-add.good.other': '{n} клиенти могат да се добавят.',
  'list-add.here-count.one': '{n} вече е в списъка.',
  'list-add.here-count.other': '{n} вече са в списъка.',
  'list-add.bad.one': '{n} ред е за поправка.',
  'list-add.bad.other': '{n} реда са за поправка.',
  'list-add.submit.one': 'Добави {n} клиент',
  'list-add.submit.other': 'Добави {n} клиенти',
  'list-add.adding': 'Добавяне: {done} от {of}…',
  'list-add.empty': 'В списъка няма клиенти.',
  'list-add.too-large': 'Списъкът е по-голям от 256 KB.',
  'list-add.too-many': 'В списъка има повече от 1000 клиенти. Добавете ги на части.',
  'notice.list-added.one': '{n} клиент е добавен.',
  'notice.list-added.other': '{n} клиенти са добавени.',
  'arrived.add': 'CRM иска да се добави {id}.',
  'arrived.fill': 'Попълни',
  'arrived.returned': '{who} се върна от подписването.',
  'arrived.nobody': 'Дойде линк за {id}, за когото тук няма какво да се отбележи.',
  'arrived.identification-finished': 'Линк съобщава, че {who} е завършил идентификацията. Потвърждавате ли?',
  'arrived.signing-finished': 'Линк съобщава, че {who} е завършил подписването. Потвърждавате ли?',
  'event.how.returned': 'от страницата, на която се върна клиентът',
};
