import { defineSubscriber } from "../../shared/cloud/subscriber.ts";
import { syncObservations } from "../../shared/flows/sync-observations.ts";
import { Observation } from "../../shared/topics/observations.ts";

/** Compares, decides and carries out: the one place where anything is decided (DESIGN §1). */
defineSubscriber({ name: "sync", schema: Observation, handle: syncObservations });
