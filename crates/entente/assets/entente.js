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
  // A live part is replaced whole. What the reader had opened stays open, and what is new in it is shown to be new.
  const live = () => document.getElementById('live');
  const mark = (element) => `${element.id} ${element.dataset.fresh}`;
  let known = null, opened = [];
  document.body.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.target !== live()) return;
    // Signed out meanwhile, or no longer ours to see: the page stays as it was read.
    if (!event.detail.serverResponse.includes(' id="live"')) {
      event.detail.shouldSwap = false;
      return;
    }
    known = new Set([...live().querySelectorAll('[data-fresh]')].map(mark));
    opened = [...live().querySelectorAll('details[open][id]')].map((element) => element.id);
  });
  document.body.addEventListener('htmx:afterSwap', () => {
    if (!known || !live()) return;
    for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
    for (const element of live().querySelectorAll('[data-fresh]')) {
      if (!known.has(mark(element))) element.classList.add('fresh');
    }
    known = null;
  });
  addEventListener('pagehide', () => stream.close());
})();
