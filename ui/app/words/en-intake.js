/**
 * Many customers added at once, and links into the console.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'add.many': 'Paste a list here, or',
  'add.file': 'choose a file',
  'list-add.title': 'Add customers',
  'list-add.customer': 'Where are these customers?',
  'list-add.type': 'Type, where the list does not say it',
  'list-add.lines': 'Lines of the list',
  'list-add.mend': 'Line {line}, to be mended',
  'list-add.here': 'Already in the list',
  'list-add.twice': 'The same customer as in line {line}',
  'list-add.bad-type': 'The type is neither Individual nor Merchant',
  'list-add.label-too-long': 'The label is longer than 80 characters',
  'list-add.good.one': '{n} customer can be added.',
  'list-add.good.other': '{n} customers can be added.',
  'list-add.here-count.one': '{n} is in the list already.',
  'list-add.here-count.other': '{n} are in the list already.',
  'list-add.bad.one': '{n} line has to be mended.',
  'list-add.bad.other': '{n} lines have to be mended.',
  'list-add.submit.one': 'Add {n} customer',
  'list-add.submit.other': 'Add {n} customers',
  'list-add.adding': 'Adding {done} of {of}…',
  'list-add.empty': 'There is no customer in it.',
  'list-add.too-large': 'The list is larger than 256 KB.',
  'list-add.too-many': 'The list has more than 1,000 customers. Take it in parts.',
  'notice.list-added.one': '{n} customer added.',
  'notice.list-added.other': '{n} customers added.',
  'arrived.add': 'The CRM asks to add {id}.',
  'arrived.fill': 'Fill in',
  'arrived.returned': '{who} has come back from signing.',
  'arrived.nobody': 'A link came for {id}, for whom nothing can be stated here.',
  'arrived.identification-finished': 'A link says that {who} finished identification. Do you confirm it?',
  'arrived.signing-finished': 'A link says that {who} finished signing. Do you confirm it?',
  'event.how.returned': 'by the page the customer returned to',
};
