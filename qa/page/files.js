// Files: each is sent by itself, with its progress; then the whole batch is added.
let sending = [];
const receive = (files) => {
  const drop = $('.yj-drop');
  const list = $('.yj-sending');
  if (!files.length || !drop) return;
  const batch = random();
  const cancel = document.createElement('button');
  Object.assign(cancel, { type: 'button', textContent: drop.dataset.cancel });
  cancel.dataset.do = 'cancel-sending';
  list.replaceChildren(cancel);
  const one = (file) => new Promise((done) => {
    const row = document.createElement('li');
    const name = Object.assign(document.createElement('bdi'), { textContent: file.name });
    const bar = Object.assign(document.createElement('progress'), { max: file.size || 1, value: 0 });
    bar.setAttribute('aria-label', file.name);
    row.append(name, bar);
    list.append(row);
    const request = new XMLHttpRequest();
    sending.push(request);
    request.upload.addEventListener('progress', (event) => { bar.value = event.loaded; });
    request.addEventListener('loadend', () => {
      if (request.status !== 204) {
        bar.replaceWith(Object.assign(document.createElement('span'), {
          className: 'yj-outcome yj-failed', textContent: request.status === 413 ? drop.dataset.large : drop.dataset.failed,
        }));
        row.dataset.failed = 'yes';
      } else row.remove();
      done();
    });
    request.open('PUT', `files?${new URLSearchParams({ library: here.library, batch, name: file.name })}`);
    request.setRequestHeader('x-youju', '1');
    request.send(file);
  });
  (async () => {
    sending = [];
    for (let first = 0; first < files.length; first += 4) await Promise.all(files.slice(first, first + 4).map(one));
    cancel.remove();
    send('stock', { batch });
  })();
};
// Of a chosen folder the browser gives everything, also what systems and programs hide in it.
const visible = (file) => !file.webkitRelativePath.split('/').slice(1).some((part) => part.startsWith('.'));
const walk = async (entry) => {
  if (entry.isFile) return new Promise((done) => entry.file((f) => done([f]), () => done([])));
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) break;
    for (const inner of some) if (!inner.name.startsWith('.')) found.push(...await walk(inner));
  }
  return found;
};
for (const name of ['dragover', 'dragleave', 'drop']) document.addEventListener(name, async (event) => {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  body.toggleAttribute('data-dragging', name === 'dragover');
  if (name === 'dragover' && body.dataset.view !== 'shelf') show('shelf');
  if (name !== 'drop') return;
  const files = Array.from(event.dataTransfer.files);
  const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry()).filter(Boolean);
  receive(entries.length === 0 ? files : (await Promise.all(entries.map(walk))).flat());
});
