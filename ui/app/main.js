import { begun, tauriHost } from './host.js';

if (navigator.userAgent.includes('Linux')) document.documentElement.dataset.fonts = 'generic';
// What the program has to say travels while the rest of the page is still being read.
const host = begun(tauriHost());
const [{ newApp }, { openWindow }] = await Promise.all([import('./app.js'), import('./window.js')]);
void openWindow(newApp(host));
