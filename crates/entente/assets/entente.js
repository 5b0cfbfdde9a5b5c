// What the pages gain from script: clocks that tick and parts that refresh themselves. Every page works without it.
'use strict';
(() => {
  const root = document.documentElement;
  let skew = Number(root.dataset.now) - Date.now();
  const tick = () => {
    const now = new Date(Date.now() + skew);
    for (const face of document.querySelectorAll('time[data-zone]')) {
      face.textContent = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: face.dataset.zone }).format(now);
    }
  };
  tick();
  setInterval(tick, 5000);

  // One stream of server-sent events a page: each is a change counter; parts marked hx-trigger="entente-change from:body" reload.
  if (!root.dataset.live || !window.EventSource) return;
  let last = root.dataset.change, pending = null;
  const stream = new EventSource(root.dataset.live);
  stream.addEventListener('change', (event) => {
    const [number, now] = event.data.split(' ');
    skew = Number(now) - Date.now();
    tick();
    if (number === last) return;
    last = number;
    clearTimeout(pending);
    pending = setTimeout(() => document.body.dispatchEvent(new Event('entente-change')), 150);
  });
  document.body.addEventListener('htmx:afterSwap', (event) => {
    if (event.detail.requestConfig.triggeringEvent?.type === 'entente-change') event.detail.elt.classList.add('fresh');
  });
  addEventListener('pagehide', () => stream.close());
})();
