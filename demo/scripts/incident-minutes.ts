// What a model would write: how many minutes of incidents does each owner have, and is it remembered?
const folder = '{{folder}}'

const [listing, graph] = await Promise.all([
  tools.filesystem.list_directory({ path: folder }),
  tools.memory.read_graph(),
])
const files = [...listing.content.matchAll(/\[FILE\] (\S+)/g)].map((match) => match[1])
const reports = await Promise.all(
  files.map((file) => tools.filesystem.read_text_file({ path: `${folder}/${file}` })),
)

const owners = new Map(graph.relations.map(({ from, to }) => [from, to]))
const minutes: Record<string, number> = {}
for (const { content } of reports) {
  const service = /^Service: (\S+)/m.exec(content)?.[1] ?? 'unknown'
  const owner = owners.get(service) ?? 'nobody'
  minutes[owner] = (minutes[owner] ?? 0) + Number(/^Minutes: (\d+)/m.exec(content)?.[1])
}

const [first = 0, second = 0] = Object.values(minutes).sort((a, b) => b - a)
const [sum] = await Promise.all([
  tools.everything.get_sum({ a: first, b: second }),
  tools.memory.add_observations({
    observations: Object.entries(minutes).map(([owner, count]) => ({
      entityName: owner,
      contents: [`${count} minutes of incidents`],
    })),
  }),
])
return { reports: reports.length, minutes, topTwo: sum }
