// The next high tide at a harbour.
const harbour = process.argv[2] ?? "harlingen";
try {
  const answer = await fetch(`https://tides.example.com/v1/${harbour}`);
  if (!answer.ok) throw new Error(`tides.example.com answered ${answer.status}`);
  const tide = await answer.json();
  console.log(tide.high ?? "not known");
} catch (error) {
  console.log(`not known: ${error.message}`);
}
