/** What stands before the sections. */
export const INTRODUCTION = `<!-- Written by \`npm run bench -- docs\`; the texts are in bench/docs. Changes here are lost. -->

# Benchmarks

Two questions: what does Code Mode save, and what does the gateway cost? Every figure here can be measured again with the command of
its section. \`npm run bench -- docs\` measures all of them, one after the other, and writes this page; with names it measures only these.

**What is measured.** Every call of every task goes through a whole gateway over HTTP, to servers with a state; scripts run in the sandbox, after
the type check. Tokens are counted by a real tokenizer (o200k_base) over each whole request, turn by turn: definitions, instructions, all
that was said before, all results; and over what the model writes. A task is solved where its answer is right **and** the servers are in the
right state at the end. Processor times, rates and memory are those of real processes on loopback.

**What is simulated.** The model. What a competent model would do in each mode is written down for each task, so two runs give the
same tokens. It makes no mistake by chance and does not think aloud. Its time is a formula with parameters, and so is the provider's
prompt cache: _no cache_ has the full price for all input; with a _cold_ cache each turn reads what the turn before sent; with a _warm_ one definitions and
instructions are there before the first turn. The servers of the tasks are made up, and answer at once. More
on the method, and how to measure your own servers and tasks: [bench.md](bench.md).

**How to read it.** The modes are _classic_ (all definitions in every request), _search_ (the model finds tools and calls them one by one), _code_ (it
finds tools and writes scripts) and _auto_ (the gateway chooses by the catalog). A change of -90 % means a tenth of what classic takes; a plus is a
loss, and losses are listed like gains. The mix of tools decides much: other catalogs of 508 tools can have half or twice the tokens, and
tasks differ, so measure your own servers: \`isogate bench tokens --report report.html\`. A target is what was promised before measuring; what misses it
says **no**. Times, rates and memory hang on the machine; ratios within one run are what can be compared.

**Other projects.** Published figures of Code Mode are mostly not this measurement. Bifrost publishes 58, 84 and 93 % fewer input tokens at 96, 251 and 508 tools:
from a live model on live services, with heavier definitions per tool, and with HTTP 200 as success, without a look at what was answered or
done. Others count definitions once and no turns, or show one example. The figures here are lower or higher for such reasons too, and are not evidence
that one project is better than another. To compare two programs, run both in one harness: the section on [other projects](#other-projects) does that for what npm has.`
