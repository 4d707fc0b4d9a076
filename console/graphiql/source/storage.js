// Where GraphiQL keeps its tabs and its history.
const WITH_HEADERS = /:(queries|favorites|tabState)$/;

/**
 * The browser's storage, into which no headers are written: GraphiQL would keep those of its headers editor in the
 * history, with a token that somebody has typed there.
 */
export function withoutHeaders(storage) {
  const written = (name, value) => (WITH_HEADERS.test(name) ? stripped(value) : value);
  return {
    get length() {
      return storage.length;
    },
    getItem: (name) => storage.getItem(name),
    setItem: (name, value) => storage.setItem(name, written(name, value)),
    removeItem: (name) => storage.removeItem(name),
    clear: () => storage.clear(),
  };
}

function stripped(value) {
  return JSON.stringify(JSON.parse(value, (name, each) => (name === 'headers' ? undefined : each)));
}
