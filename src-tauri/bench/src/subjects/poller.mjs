// The page's own kind of poller: one loop of `setTimeout` and `fetch` per user.
// Usage: node poller.mjs GATEWAY USERS TOKEN INTERVAL_MS
const [gateway, users, token, interval] = process.argv.slice(2);
const headers = { accept: "application/json", authorization: `Bearer ${token}` };
const statuses = new Map();

async function poll(id) {
  const sent = performance.now();
  const url = `${gateway}/Enrollment/${id}/0/true/get-identification-process-status`;
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const answer = await response.json();
  statuses.set(id, answer.videoIdentificationStatus);
  setTimeout(poll, Math.max(0, interval - (performance.now() - sent)), id);
}

for (let id = 1; id <= users; id++) setTimeout(poll, ((id - 1) * interval) / users, id);

// An error in any loop ends the process, and so does the end of standard input.
process.stdin.on("end", () => process.exit()).resume();
