package dev.roomful;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who published a message: the identity of a participant and of its connection at the time of
 * publishing. Immutable; a later {@link Participant#rename} does not change it.
 */
public final class Sender {
  private final String id;
  private final String name;
  private final @Nullable String info;
  private final @Nullable String connectionId;
  private final @Nullable Payload connectionInfo;

  /**
   * Creates a sender.
   *
   * @param id the participant's id
   * @param name the participant's display name
   * @param info the participant's public information, see {@link Participant#INFO}, or null
   * @param connectionId the id of the connection that published, or null if none did
   * @param connectionInfo what a protocol knows about that connection, or null
   */
  public Sender(
      String id,
      String name,
      @Nullable String info,
      @Nullable String connectionId,
      @Nullable Payload connectionInfo) {
    this.id = Objects.requireNonNull(id, "id");
    this.name = Objects.requireNonNull(name, "name");
    this.info = info;
    this.connectionId = connectionId;
    this.connectionInfo = connectionInfo;
  }

  /**
   * Returns a sender without a connection, such as a bot.
   *
   * @param id its id
   * @param name its display name
   * @return the sender
   */
  public static Sender of(String id, String name) {
    return new Sender(id, name, null, null, null);
  }

  /** {@return the participant's id} */
  public String id() {
    return id;
  }

  /** {@return the participant's display name at the time of publishing} */
  public String name() {
    return name;
  }

  /** {@return the participant's public information at the time of publishing, if it has some} */
  public Optional<String> info() {
    return Optional.ofNullable(info);
  }

  /** {@return the id of the connection that published, also when it has closed since} */
  public Optional<String> connectionId() {
    return Optional.ofNullable(connectionId);
  }

  /**
   * Returns what a protocol knows about the connection in this room besides its participant, such
   * as the {@code chan_info} of the Centrifuge protocol.
   *
   * @return the data, or empty if there is none
   */
  public Optional<Payload> connectionInfo() {
    return Optional.ofNullable(connectionInfo);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sender that
        && id.equals(that.id)
        && name.equals(that.name)
        && Objects.equals(info, that.info)
        && Objects.equals(connectionId, that.connectionId)
        && Objects.equals(connectionInfo, that.connectionInfo);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, name, info, connectionId, connectionInfo);
  }

  @Override
  public String toString() {
    return name.equals(id) ? id : name + " (" + id + ")";
  }
}
