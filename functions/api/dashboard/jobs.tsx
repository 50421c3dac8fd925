import type { JobState, Page } from "./answers.ts";
import { useLoad, useNow } from "./hooks.ts";
import { Badge } from "./pieces.tsx";
import { ago } from "./when.ts";

/** The scheduled jobs: without them nothing is looked at that no push tells of. */
export function Jobs({ beat }: { readonly beat: number }) {
  const now = useNow();
  const items = useLoad<Page<JobState>>("jobs", beat).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section>
      <h2>Scheduled jobs</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label="Scheduled jobs">
        <table>
          <thead>
            <tr>
              <th>Job</th>
              <th>State</th>
              <th>Heartbeat</th>
              <th>Every</th>
            </tr>
          </thead>
          <tbody>
            {items.map((job) => (
              <tr key={job.job}>
                <td>{job.job}</td>
                <td>
                  <JobBadge job={job} />
                </td>
                <td>{ago(job.lastRun, now)}</td>
                <td>{job.everyMinutes} min</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function JobBadge({ job: { job, lastRun, missed, progress } }: { readonly job: JobState }) {
  if (progress === null) return <Badge state={missed ? "missed" : lastRun === null ? "waiting" : "ok"} />;
  return (
    <>
      <Badge state="running" /> <label for={`job-${job}`}>{`${progress.done} of ${progress.total}`}</label>
      <progress id={`job-${job}`} value={progress.done} max={progress.total} />
    </>
  );
}
