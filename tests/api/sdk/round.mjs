// Camunda's own client for Node against the running product. One JSON object a line: what was done, and what came back.
// Where to find the product and how to sign in stands in the environment; the folder of models is the argument.
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [web, folder] = process.argv.slice(2)
const entry = resolve(web, 'node_modules/@camunda8/orchestration-cluster-api/dist/index.js')
const { createCamundaClient } = await import(pathToFileURL(entry).href)
const camunda = createCamundaClient()
const AT_ONCE = { consistency: { waitUpToMs: 0 } }

const say = (step, found) => console.log(JSON.stringify({ step, ...found }))
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const start = async (processDefinitionId, variables = {}) =>
  (await camunda.createProcessInstance({ processDefinitionId, variables })).processInstanceKey
const look = (processInstanceKey) => camunda.getProcessInstance({ processInstanceKey }, AT_ONCE)
const state = async (key) => (await look(key)).state
const active = async (processInstanceKey) => {
  const filter = { processInstanceKey, state: 'ACTIVE' }
  const found = await camunda.searchElementInstances({ filter }, AT_ONCE)
  return found.items.filter((one) => one.type !== 'PROCESS').map((one) => one.elementId)
}
const until = async (what, check) => {
  for (let n = 0; n < 200; n += 1) {
    const found = await check()
    if (found) return found
    await sleep(50)
  }
  throw new Error(`waited in vain until ${what}`)
}

const files = readdirSync(folder).sort().map((name) => join(folder, name))
const made = await camunda.deployResourcesFromFiles(files)
say('deployed', {
  processes: made.processes.map((one) => one.processDefinitionId).sort(),
  forms: made.forms.map((one) => one.formId),
  decisions: made.decisions.map((one) => one.decisionDefinitionId),
})
const desk = made.processes.filter((one) => one.processDefinitionId === 'desk')[0]

say('me', { username: (await camunda.getAuthentication()).username })

// Jobs, by the client's worker: one done, one thrown, one failed.
const deeds = {}
for (const deed of ['done', 'throw', 'fail']) deeds[deed] = await start('errand', { deed })
const worker = camunda.createJobWorker({
  jobType: 'sdk.call',
  maxParallelJobs: 5,
  jobTimeoutMs: 5_000,
  pollTimeoutMs: 200,
  jobHandler: async (job) => {
    if (job.variables.deed === 'throw') return job.error({ errorCode: 'GONE' })
    if (job.variables.deed === 'fail') return job.fail({ errorMessage: 'It is down.', retries: 0 })
    return job.complete({ answer: job.customHeaders.region })
  },
})
const incidents = { filter: { processInstanceKey: deeds.fail, state: 'ACTIVE' } }
const [incident] = await until('the job has failed', async () => {
  const found = await camunda.searchIncidents(incidents, AT_ONCE)
  return found.items.length ? found.items : null
})
await until('the others are done', async () => (await state(deeds.done)) === 'COMPLETED')
worker.stop()
const answer = await camunda.searchVariables({ filter: { processInstanceKey: deeds.done, name: 'answer' } }, AT_ONCE)
say('jobs', { done: await state(deeds.done), thrown: await state(deeds.throw), answer: answer.items[0].value })
await camunda.updateJob({ jobKey: incident.jobKey, changeset: { retries: 1 } })
await camunda.resolveIncident({ incidentKey: incident.incidentKey })
const { jobs } = await camunda.activateJobs({ type: 'sdk.call', timeout: 60_000, maxJobsToActivate: 5, worker: 'hand' })
await jobs[0].complete({ mended: true })
say('incident', { message: incident.errorMessage, mended: await state(deeds.fail) })

// A user task.
const formal = await start('formal', { amount: 7 })
const tasks = await camunda.searchUserTasks({ filter: { processInstanceKey: formal, state: 'CREATED' } }, AT_ONCE)
const { userTaskKey } = tasks.items[0]
await camunda.assignUserTask({ userTaskKey, assignee: 'admin' })
const task = await camunda.getUserTask({ userTaskKey }, AT_ONCE)
const form = await camunda.getUserTaskForm({ userTaskKey }, AT_ONCE)
await camunda.completeUserTask({ userTaskKey, variables: { why: 'because' } })
say('task', { assignee: task.assignee, form: form.formId, ended: await state(formal) })

// Messages and signals.
const [published, correlated, heard] = [await start('paid', { order: 'N-1' }), await start('paid', { order: 'N-2' }), await start('heard')]
await camunda.publishMessage({ name: 'sdk-paid', correlationKey: 'N-1', timeToLive: 1000, variables: {} })
const met = await camunda.correlateMessage({ name: 'sdk-paid', correlationKey: 'N-2' })
await camunda.broadcastSignal({ signalName: 'sdk-closing' })
say('events', {
  met: met.processInstanceKey === correlated,
  ended: [await state(published), await state(correlated), await state(heard)],
})

// Migration and modification.
const later = await camunda.deployResourcesFromFiles([join(folder, '..', 'desk-later.bpmn')])
const target = later.processes[0].processDefinitionKey
const moved = (await camunda.createProcessInstance({ processDefinitionKey: desk.processDefinitionKey, variables: {} }))
  .processInstanceKey
await camunda.migrateProcessInstance({
  processInstanceKey: moved,
  targetProcessDefinitionKey: target,
  mappingInstructions: [{ sourceElementId: 'review', targetElementId: 'inspect' }],
})
say('migrated', { version: (await look(moved)).processDefinitionVersion, active: await active(moved) })
await camunda.modifyProcessInstance({
  processInstanceKey: moved,
  activateInstructions: [{ elementId: 'file' }],
  terminateInstructions: [{ elementId: 'inspect' }],
})
say('modified', { active: await active(moved) })
await camunda.cancelProcessInstance({ processInstanceKey: moved })
say('cancelled', { state: await state(moved) })

// Decisions and expressions.
const decided = await camunda.evaluateDecision({ decisionDefinitionId: 'bonus', variables: { level: 7 } })
const past = await camunda.searchDecisionInstances({ filter: { decisionDefinitionId: 'bonus' } }, AT_ONCE)
const sum = await camunda.evaluateExpression({ expression: '=1 + 1' })
say('decided', { output: decided.output, kept: past.items.length > 0, sum: sum.result })

// Paging and the audit.
const page = { filter: { processDefinitionId: 'paid' }, page: { limit: 1 } }
const first = await camunda.searchProcessInstances(page, AT_ONCE)
const next = await camunda.searchProcessInstances({ ...page, page: { limit: 1, after: first.page.endCursor } }, AT_ONCE)
const audit = await camunda.searchAuditLogs({ filter: { processInstanceKey: moved } }, AT_ONCE)
say('searched', {
  another: first.items[0].processInstanceKey !== next.items[0].processInstanceKey,
  audit: [...new Set(audit.items.map((one) => one.operationType))].sort(),
})

// A refusal comes as the client's own error.
try {
  await look('1')
} catch (error) {
  say('refused', { status: error.status })
}
