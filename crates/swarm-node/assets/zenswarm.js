// Comfort for pages that work without it: the list narrows while one types, an applet runs without leaving the page,
// texts can be copied.

'use strict';

const search = document.querySelector('form.search input[type=search]');
const cards = [...document.querySelectorAll('#cards > .card')];
const count = document.querySelector('#count');

if (search && cards.length > 0) {
  // What the server filtered out is not on this page: only a list of everything can be narrowed here.
  const complete = search.value === '' && document.querySelector('.filter a.tag[aria-current]')?.textContent === 'all';
  const all = cards.length;
  search.addEventListener('input', () => {
    if (!complete) return;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      card.hidden = !words.every((word) => card.dataset.said.includes(word));
      if (!card.hidden) shown += 1;
    }
    count.textContent = shown === all ? `${all} contracts` : `${shown} of ${all} contracts`;
  });
}

const replace = (page, selector) => {
  const [fresh, old] = [page.querySelector(selector), document.querySelector(selector)];
  if (fresh && old) old.replaceWith(document.adoptNode(fresh));
};

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('form[data-applet]')) return;
  event.preventDefault();
  const button = form.querySelector('button[type=submit]');
  button.setAttribute('aria-busy', 'true');
  try {
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: 'POST', body });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (!page.querySelector('#answer')) throw new Error('no answer');
    for (const selector of ['form[data-applet]', '#answer', '#listing']) replace(page, selector);
    offerCopies();
    const answer = document.querySelector('#answer');
    answer.focus({ preventScroll: true });
    answer.scrollIntoView({ block: 'nearest' });
  } catch {
    // The plain way shows what is wrong, whatever it is.
    form.submit();
  } finally {
    button.removeAttribute('aria-busy');
  }
});

const offerCopies = () => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('button[data-copy]')) button.hidden = false;
};

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-copy]');
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed here';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
});

offerCopies();
