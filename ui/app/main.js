import { newApp } from './app.js';
import { tauriHost } from './host.js';
import { openWindow } from './window.js';

void openWindow(newApp(tauriHost()));
