// Allure 3: npx allure generate --config reports/allurerc.mjs reports/out/<run>/allure-results
// One file to open or to send. The default report embeds an analytics tag that loads when it is opened online; the
// page reports/out/<run>/report.html has none.
export default {
  name: "Guardbee",
  output: "reports/out/allure",
  historyPath: "reports/out/allure-history.jsonl",
  appendHistory: true,
  // JavaScript's regular expressions, matched against the whole message: [\s\S] stands for any character.
  categories: [
    { name: "Unsafe", matchers: [{ statuses: ["failed"], labels: { epic: /^safety$/ } }] },
    { name: "Not compliant", matchers: [{ statuses: ["failed"], labels: { epic: /^compliance$/ } }] },
    { name: "Below the target", matchers: [{ statuses: ["failed"], labels: { epic: /^quality$/ } }] },
    { name: "Too slow", matchers: [{ statuses: ["failed"], labels: { epic: /^performance$/ } }] },
    { name: "Our side failed", matchers: [{ statuses: ["broken"] }] },
  ],
  plugins: {
    awesome: {
      options: { reportName: "Guardbee", singleFile: true, reportLanguage: "en", groupBy: ["epic", "feature", "story"] },
    },
  },
};
