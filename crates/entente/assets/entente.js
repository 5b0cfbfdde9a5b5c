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
  // A live part is replaced whole. What the reader had opened stays open, and what came since the reader last did something stays
  // marked as new, however many times the part is replaced meanwhile.
  const live = () => document.getElementById('live');
  const parts = () => [...(live()?.querySelectorAll('[data-fresh]') ?? [])];
  const mark = (element) => `${element.id} ${element.dataset.fresh}`;
  let read = new Set(parts().map(mark)), opened = [];
  for (const sign of ['pointerdown', 'keydown']) addEventListener(sign, () => { read = new Set(parts().map(mark)); });
  document.body.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.target !== live()) return;
    // Signed out meanwhile, or no longer ours to see: the page stays as it was read.
    if (!event.detail.serverResponse.includes(' id="live"')) {
      event.detail.shouldSwap = false;
      return;
    }
    opened = [...live().querySelectorAll('details[open][id]')].map((element) => element.id);
  });
  // Said twice: when the part is there, and when htmx has settled it, which gives what stood there before its classes as sent.
  const tell = () => { for (const element of parts()) element.classList.toggle('fresh', !read.has(mark(element))); };
  document.body.addEventListener('htmx:afterSwap', () => {
    for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
    tell();
  });
  document.body.addEventListener('htmx:afterSettle', tell);
  addEventListener('pagehide', () => stream.close());
})();
