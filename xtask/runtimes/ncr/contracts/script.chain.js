JSON.stringify({ steps: [{ id: "first", zencode: "Given nothing\nThen print string 'from a script'" }] });
