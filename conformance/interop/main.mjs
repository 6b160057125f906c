// What our contracts sign, write and read, before independent implementations, and the other way round.
//
// Start: node main.mjs ZENSWARM PARTS SCRATCH     PARTS holds node_modules, SCRATCH is a folder for input files.
// Prints one line per fact; exits with 1 when one does not hold.
const TOPICS = ["tokens", "ethereum", "bitcoin", "documents"];

for (const topic of TOPICS) {
  const { facts } = await import(`./${topic}.mjs`);
  for (const [name, fact] of Object.entries(facts)) {
    try {
      await fact();
      console.log(`ok    ${topic}: ${name}`);
    } catch (error) {
      console.log(`FAIL  ${topic}: ${name}\n${error.stack}\n${error.stderr ?? ""}`);
      process.exitCode = 1;
    }
  }
}
