/** @import { JournalNotice, JournalView } from './types.js' */
/** @import { Banner } from './banners.js' */
/** @import { Say } from './words/say.js' */
import { visible } from './text.js';
import { clock, dayWords } from './time.js';

/**
 * How it goes with saving, for the foot of the window.
 *
 * @param {JournalView} journal
 * @param {number} now
 * @param {Say} say
 * @returns {{ words: string, tone: 'neutral' | 'attention' }}
 */
export function savedView(journal, now, say) {
  switch (journal.health) {
    case 'absent':
      return { words: '', tone: 'neutral' };
    case 'opening':
      return { words: say('footer.opening'), tone: 'neutral' };
    case 'troubled':
      return { words: say('footer.not-saved'), tone: 'attention' };
    case 'newer':
      return { words: say('footer.read-only'), tone: 'attention' };
    case 'well':
      return { words: journal.saved === null ? '' : say('footer.saved', { time: clock(journal.saved, now, say.language, true) }), tone: 'neutral' };
  }
}

/**
 * What is wrong with saving just now, or was lost by it; null where nothing is.
 *
 * @param {JournalView} journal
 * @param {Say} say
 * @returns {Banner | null}
 */
export function healthBanner(journal, say) {
  if (journal.health === 'newer') return { id: 'journal newer', tone: 'attention', words: say('journal.newer'), more: say('journal.newer.more') };
  if (journal.health !== 'troubled') return lostBanner(journal, say);
  const { trouble, waiting, lost } = journal;
  const more = [
    say(`trouble.${trouble}.do`),
    say('journal.goes-on'),
    waiting > 0 ? say.count('journal.waiting', waiting) : '',
    lost > 0 ? say.count('journal.lost', lost) : '',
  ];
  return {
    // Another trouble is another banner, so that it is told anew.
    id: `journal ${trouble}`,
    tone: lost > 0 ? 'bad' : 'attention',
    words: say('journal.troubled', { trouble: say(`trouble.${trouble}`) }),
    more: more.filter(Boolean).join(' '),
  };
}

/**
 * Lines that are lost stay lost when the trouble is over.
 *
 * @param {JournalView} journal
 * @param {Say} say
 * @returns {Banner | null}
 */
function lostBanner({ lost }, say) {
  if (lost === 0) return null;
  // More of them are another banner, which shows also where fewer were put away.
  return { id: `lost ${lost}`, tone: 'bad', words: say.count('journal.lost', lost), more: '', dismissible: true };
}

/**
 * What has happened to the journal. Each can be put away once it was read.
 *
 * @param {JournalView} journal
 * @param {Say} say
 * @returns {Banner[]}
 */
export function noticeBanners({ notices, health }, say) {
  // Where all is well again, there is a folder after all.
  const standing = notices.filter(({ notice }) => notice !== 'no-folder' || health !== 'well');
  const byId = new Map(standing.map((notice) => [`notice ${JSON.stringify(notice)}`, notice]));
  return [...byId].map(([id, notice]) => ({ id, tone: 'attention', dismissible: true, ...noticed(notice, say) }));
}

/**
 * @param {JournalNotice} notice
 * @param {Say} say
 * @returns {{ words: string, more: string, raw?: string }}
 */
function noticed(notice, say) {
  switch (notice.notice) {
    case 'salvaged': {
      const { aside, enrollments, entries, backup } = notice;
      const more = [
        enrollments > 0 ? say.count('notice.salvaged.enrollments', enrollments) : '',
        entries > 0 ? say.count('notice.salvaged.entries', entries) : '',
        backup === null ? '' : say('notice.salvaged.backup', { day: dayWords(backup, say.language) }),
        say.count('notice.salvaged.here', notice.here),
        say('notice.salvaged.aside'),
      ];
      return { words: say('notice.salvaged'), more: more.filter(Boolean).join(' '), raw: visible(aside) };
    }
    case 'unknown-environment':
      return {
        words: say('notice.unknown-environment', { environment: visible(notice.environment) }),
        more: say.count('notice.unknown-environment.kept', notice.enrollments),
      };
    case 'no-folder':
      return { words: say('notice.no-folder'), more: say('notice.no-folder.more'), raw: visible(notice.why) };
    case 'no-backup':
      return { words: say('notice.no-backup', { trouble: say(`trouble.${notice.trouble}`) }), more: say('notice.no-backup.more') };
    default:
      // A newer host may tell of more than this window knows.
      return { words: say('notice.other', { code: /** @type {{ notice: string }} */ (notice).notice }), more: '' };
  }
}
