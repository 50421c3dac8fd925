import { config } from "zod";

// Every schema asks when it is made, so a bundle's entry imports this first. Compiling one costs more than an instance's first messages save.
config({ jitless: true });
