package dev.roomful.internal.state;

import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.admission.Position;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The binary form of the events and of the state of one room, which docs/log-format.md describes.
 * Nodes of different versions read each other's records: a field or a kind of event that is not
 * known is ignored. Safe for use by many threads; a state is guarded by its room's lock.
 */
public final class RoomCodec {
  /** The version of the format that this class writes, and the latest one that it reads. */
  static final int VERSION = 1;

  private static final int REQUIRED_VERSION = 1;
  private static final int EPOCH = 2;

  private final EventFields events;
  private final SnapshotFields snapshots;

  /**
   * Creates a codec.
   *
   * @param room the room of decoded messages
   * @param options the options of the room, whose policy has the rules of decoded messages
   * @param participants creates the participants of decoded members
   */
  public RoomCodec(Room room, RoomOptions options, ParticipantFactory participants) {
    MessageFields messages = new MessageFields(room, options);
    this.events = new EventFields(messages, participants);
    this.snapshots = new SnapshotFields(messages, participants);
  }

  /**
   * Encodes an event.
   *
   * @param event an event of this version
   * @param epoch the epoch of the room that this node knows
   * @throws IllegalArgumentException if an attribute of the participant cannot be encoded, see
   *     {@link AttributeFields#requireEncodable}
   */
  public byte[] encode(RoomEvent event, String epoch) {
    FieldWriter writer = new FieldWriter().string(EPOCH, epoch);
    EventFields.write(writer, event);
    return writer.toByteArray();
  }

  /**
   * Decodes an event.
   *
   * @return with an {@link RoomEvent.Unknown} if this version does not know its kind
   * @throws IllegalArgumentException if the bytes are malformed, or need a later version
   */
  public DecodedEvent decode(byte[] data) {
    FieldReader reader = new FieldReader(data);
    String epoch = null;
    RoomEvent event = null;
    while (reader.next()) {
      switch (reader.field()) {
        case REQUIRED_VERSION -> requireReadable(reader.int64());
        case EPOCH -> epoch = reader.string();
        default -> {
          RoomEvent known = events.read(reader);
          event = known == null ? event : known;
        }
      }
    }
    Position start = new Position(CommonFields.required(epoch, "epoch of an event"), 0);
    return new DecodedEvent(event == null ? new RoomEvent.Unknown() : event, start.epoch());
  }

  /** Encodes the whole state of a room; equal states have equal bytes. */
  public byte[] snapshot(RoomState state) {
    return encode(state.snapshot());
  }

  /**
   * Replaces the whole state of a room. A participant of it is created for each member.
   *
   * @throws IllegalArgumentException if the bytes are malformed, or need a later version; the state
   *     is unchanged then
   */
  public void restore(RoomState state, byte[] snapshot) {
    FieldReader versions = new FieldReader(snapshot);
    while (versions.next()) {
      if (versions.field() == REQUIRED_VERSION) {
        requireReadable(versions.int64());
      }
    }
    state.restore(snapshots.read(new FieldReader(snapshot)));
  }

  /**
   * Returns a digest of what is equal on all nodes after the same entries: everything but the
   * stored messages, which each node evicts on its own.
   */
  public static String digest(RoomState state) {
    return digest(encode(state.snapshot().withoutMessages()));
  }

  /**
   * Returns a digest of the stored messages, which is equal on all nodes that still store all
   * messages after an offset.
   *
   * @param afterOffset the offset of the last message that is not part of the digest
   */
  public String historyDigest(RoomState state, long afterOffset) {
    FieldWriter writer = new FieldWriter();
    for (RoomMessage message : state.history().all()) {
      if (message.offset() > afterOffset) {
        writer.message(1, message, MessageFields::write);
      }
    }
    return digest(writer.toByteArray());
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }

  private static byte[] encode(RoomSnapshot snapshot) {
    FieldWriter writer = new FieldWriter(256 + 128 * snapshot.members().size());
    SnapshotFields.write(writer, snapshot);
    return writer.toByteArray();
  }

  private static void requireReadable(long required) {
    if (required > VERSION || required < 0) {
      throw new IllegalArgumentException(
          "a node of the cluster writes version "
              + Long.toUnsignedString(required)
              + " of the log format, and this node reads versions up to "
              + VERSION
              + ": run the same version of Roomful on all nodes");
    }
  }
}
