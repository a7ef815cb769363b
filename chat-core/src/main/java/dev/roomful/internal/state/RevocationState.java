package dev.roomful.internal.state;

import dev.roomful.Outcome;
import dev.roomful.Revocation;
import dev.roomful.admission.Credential;
import dev.roomful.admission.Rejection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was revoked, until it would have expired. Adding is commutative and idempotent: nodes that
 * know the same revocations agree, in whatever order they learned of them. Safe for use by many
 * threads.
 */
public final class RevocationState {
  /** How many revocations are remembered. */
  public static final int MAX = 10_000;

  /** What is revoked. */
  public enum Kind {
    TOKEN(1),
    PARTICIPANT(2),
    ALL(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    static @Nullable Kind of(long number) {
      for (Kind kind : values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      return null;
    }
  }

  private record Key(Kind kind, String value) {}

  private static final Key ALL = new Key(Kind.ALL, "");

  /**
   * One revocation.
   *
   * @param value the id of the token or of the participant, or empty
   * @param before what was issued before this time is revoked, in milliseconds since 1970
   * @param until when it is forgotten, in milliseconds since 1970
   */
  public record Entry(Kind kind, String value, long before, long until) {
    private Key key() {
      return new Key(kind, value);
    }

    private Entry merge(Entry other) {
      return new Entry(kind, value, Math.max(before, other.before), Math.max(until, other.until));
    }

    private boolean covers(Entry other) {
      return before >= other.before && until >= other.until;
    }

    private static boolean isDated(@Nullable Credential credential) {
      return credential != null && credential.issuedAt().isPresent();
    }

    private boolean revokes(@Nullable Credential credential) {
      return credential != null
          && credential.issuedAt().isPresent()
          && credential.issuedAt().get().isBefore(Instant.ofEpochMilli(before));
    }

    /**
     * {@return whether it is about this participant, and nobody knows when its access was issued}
     * An open connection is revoked then, if the revocation is new. Whether a later one may connect
     * is for the authenticator to decide.
     */
    public boolean concernsUndated(String participantId, @Nullable Credential credential) {
      return !isDated(credential)
          && (kind == Kind.ALL || (kind == Kind.PARTICIPANT && value.equals(participantId)));
    }

    /** {@return the binary form} */
    public byte[] encode() {
      FieldWriter writer = new FieldWriter();
      write(writer, this);
      return writer.toByteArray();
    }

    private static void write(FieldWriter writer, Entry entry) {
      writer
          .int64(1, entry.kind.number)
          .string(2, entry.value)
          .int64(3, entry.before)
          .int64(4, entry.until);
    }

    /** Reads the binary form; null for a kind that this version does not know. */
    public static @Nullable Entry decode(byte[] data) {
      return read(new FieldReader(data));
    }

    private static @Nullable Entry read(FieldReader reader) {
      Kind kind = null;
      String value = "";
      long before = 0;
      long until = 0;
      while (reader.next()) {
        switch (reader.field()) {
          case 1 -> kind = Kind.of(reader.int64());
          case 2 -> value = reader.string();
          case 3 -> before = reader.int64();
          case 4 -> until = reader.int64();
          default -> {}
        }
      }
      return kind == null ? null : new Entry(kind, value, before, until);
    }
  }

  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  /** {@return a revocation that begins now} */
  public static Entry entryOf(Revocation revocation, long nowMillis) {
    long until = nowMillis + revocation.lifetime().toMillis();
    if (revocation.tokenId().isPresent()) {
      return new Entry(Kind.TOKEN, revocation.tokenId().get(), Long.MAX_VALUE, until);
    }
    long before = revocation.issuedBefore().toEpochMilli();
    return revocation
        .participantId()
        .map(id -> new Entry(Kind.PARTICIPANT, id, before, until))
        .orElseGet(() -> new Entry(Kind.ALL, "", before, until));
  }

  /** Adds a revocation; rejected if there are too many. */
  public synchronized Outcome add(Entry entry, long nowMillis) {
    entries.values().removeIf(known -> known.until <= nowMillis);
    if (entries.size() >= MAX && !entries.containsKey(entry.key())) {
      return Outcome.rejected(
          new Rejection(
              503,
              Rejection.TOO_MANY_REVOCATIONS,
              "there are "
                  + MAX
                  + " revocations: revoke by participant, or with a shorter lifetime"));
    }
    entries.merge(entry.key(), entry, Entry::merge);
    return Outcome.done();
  }

  /** {@return whether the access of a participant is revoked} */
  public boolean isRevoked(String participantId, @Nullable Credential credential) {
    if (entries.isEmpty() || credential == null) {
      return false;
    }
    Entry all = entries.get(ALL);
    Entry participant = entries.get(new Key(Kind.PARTICIPANT, participantId));
    return (all != null && all.revokes(credential))
        || (participant != null && participant.revokes(credential))
        || credential.tokenId().filter(id -> isKnown(Kind.TOKEN, id)).isPresent();
  }

  private boolean isKnown(Kind kind, String value) {
    return entries.containsKey(new Key(kind, value));
  }

  /** {@return whether it is in here, or a longer one} */
  public boolean contains(Entry entry) {
    Entry known = entries.get(entry.key());
    return known != null && known.covers(entry);
  }

  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  public void clear() {
    entries.clear();
  }

  /** {@return the binary form, with the numbers of the nodes} */
  public byte[] encode(NodeSequences nodes) {
    FieldWriter writer = new FieldWriter();
    entries.values().forEach(entry -> writer.message(1, entry, Entry::write));
    nodes.all().entrySet().forEach(one -> writer.message(2, one, SnapshotFields::writeNode));
    return writer.toByteArray();
  }

  /**
   * Replaces all by a snapshot.
   *
   * @return whether everything was understood
   */
  public boolean restore(byte @Nullable [] snapshot, NodeSequences nodes) {
    clear();
    boolean complete = true;
    Map<String, NodeSequences.Last> restoredNodes = new LinkedHashMap<>();
    FieldReader reader = new FieldReader(snapshot == null ? new byte[0] : snapshot);
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          Entry entry = Entry.read(reader.message());
          if (entry == null) {
            complete = false;
          } else {
            entries.merge(entry.key(), entry, Entry::merge);
          }
        }
        case 2 -> SnapshotFields.readNode(reader.message(), restoredNodes);
        default -> {}
      }
    }
    nodes.restore(restoredNodes);
    return complete;
  }
}
