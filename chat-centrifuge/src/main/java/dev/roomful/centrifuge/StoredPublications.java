package dev.roomful.centrifuge;

import dev.roomful.Message;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The publications of stored messages. After a restart all clients recover the same ones: each is
 * made and encoded once for all of them. The cache is only weakly reachable while nobody reads it,
 * so every garbage collection frees it: that bounds it, and no deleted message stays in it.
 */
final class StoredPublications {
  private volatile WeakReference<Map<Message, Publication>> cache = new WeakReference<>(null);

  /** {@return the publication of a message of the history, which has a position} */
  Publication of(Message message) {
    Map<Message, Publication> known = cache.get();
    if (known == null) {
      known = new ConcurrentHashMap<>();
      cache = new WeakReference<>(known);
    }
    return known.computeIfAbsent(message, ProtocolMapping::publication);
  }
}
