// Where the editor finds its workers: files beside this one, whose names the build puts in.
globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    return new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url));
  },
};
