/**
 * What went wrong between the console and the gateway.
 *
 * @type {Readonly<Record<string, string>>}
 */
export default {
  'problem.server-error': 'The system failed.',
  'problem.busy': 'The system is busy.',
  'problem.unexpected-success': 'An answer without a status.',
  'problem.not-json': 'The answer cannot be read.',
  'problem.wrong-type': 'The answer is not of the agreed form.',
  'problem.truncated': 'The answer broke off.',
  'problem.oversized': 'The answer is too large.',
  'problem.unauthorized': 'The token is not accepted.',
  'problem.refused': 'The system refused the request.',
  'problem.redirect': 'The system pointed elsewhere; that is never followed.',
  'problem.name': 'The system’s address was not found.',
  'problem.connect': 'No connection to the system.',
  'problem.proxy-unreachable': 'No connection to the proxy.',
  'problem.proxy-login': 'The proxy asks for a name and a password. Tell the administrator.',
  'problem.proxy-refused': 'The proxy gives no way to the system. Tell the administrator.',
  'problem.tls': 'The secure connection failed.',
  'problem.certificate-unknown': 'Nobody trusted here vouches for the system’s certificate. Tell the administrator.',
  'problem.certificate-expired': 'The system’s certificate has run out, or this computer’s clock is wrong.',
  'problem.certificate-not-yet': 'The system’s certificate is not valid yet, or this computer’s clock is wrong.',
  'problem.certificate-name': 'The system’s certificate is another server’s. Tell the administrator.',
  'problem.certificate-revoked': 'The system’s certificate was revoked. Tell the administrator.',
  'problem.certificate-invalid': 'The system’s certificate is not valid. Tell the administrator.',
  'problem.reset': 'The connection broke.',
  'problem.timeout': 'No answer in time.',
  'problem.other': 'A problem without words here: {code}.',
};
