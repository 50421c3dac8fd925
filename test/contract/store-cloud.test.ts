import { openFirestoreStores } from "../../shared/cloud/firestore-store.ts";
import { onEmulators, PROJECT } from "./emulated.ts";
import { testStoreContract } from "./store.ts";

await onEmulators("document store on Firestore", () => {
  testStoreContract({
    name: "Firestore",
    open: async () => openFirestoreStores({ projectId: PROJECT }),
    reopen: async (factory) => {
      await factory.close();
      return openFirestoreStores({ projectId: PROJECT });
    },
  });
});
