package dev.roomful;

import dev.roomful.admission.Authenticator;
import dev.roomful.admission.Rejection;
import dev.roomful.internal.validation.Identifiers;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.transport.Gateway;
import dev.roomful.transport.Scheduler;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A chat: its rooms, its participants, and the door that transports bring connections to.
 *
 * <pre>{@code
 * Chat chat = Chat.of(new RoomHandler() {}); // what one says, all in the room hear
 * JettyChat.mount(chat, context, "/chat/{room}");
 * }</pre>
 *
 * <p>Rooms come by name: one is made when the first participant joins it, and forgotten when the
 * last one leaves, unless it was declared as permanent. Safe for use by many threads. Its threads
 * are daemons, named {@code roomful-...}, and gone after {@link #close}.
 */
public final class Chat implements AutoCloseable {
  private final ChatRuntime runtime;
  private final AtomicBoolean closed = new AtomicBoolean();

  Chat(ChatRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * A chat with default limits, one policy (everyone) and an open door ({@link
   * Authenticator#acceptAll}).
   *
   * @param handler the application's logic
   * @return the chat, ready to be mounted
   */
  public static Chat of(RoomHandler handler) {
    return builder(handler).build();
  }

  /**
   * A chat to be configured.
   *
   * @param handler the application's logic
   * @return a builder with the defaults
   */
  public static Builder builder(RoomHandler handler) {
    return new Builder(handler);
  }

  /**
   * A room that exists at this moment.
   *
   * @param name its name
   * @return the room, or nothing if nobody is in it and it is not permanent
   */
  public Optional<Room> room(String name) {
    return runtime.rooms.get(name);
  }

  /**
   * The rooms that exist at this moment.
   *
   * @return an immutable snapshot
   */
  public Collection<Room> rooms() {
    return runtime.rooms.all();
  }

  /**
   * Makes a room that stays until it is closed, with or without participants.
   *
   * @param name its name, 1 to 128 characters, none of them a control character
   * @param options how it is
   * @return the room
   * @throws IllegalArgumentException if the name is not allowed
   * @throws IllegalStateException if there is such a room already, or as many as the limit allows,
   *     or if the chat is closed
   */
  public Room open(String name, RoomOptions options) {
    if (runtime.sessions.isClosing()) {
      throw new IllegalStateException("room \"" + name + "\" was asked of a chat that is closed");
    }
    return runtime.rooms.open(name, options);
  }

  /**
   * A participant that is connected at this moment, or away within its {@link Limits#resumeWindow}.
   *
   * @param id its id
   * @return the participant, or nothing
   */
  public Optional<Participant> participant(String id) {
    return runtime.participants.get(id);
  }

  /**
   * How many participants there are; one that has just left is counted until its last callback has
   * returned.
   *
   * @return the number at this moment
   */
  public int participants() {
    return runtime.participants.size();
  }

  /**
   * How many connections there are; one that is being closed is counted until it is closed.
   *
   * @return the number at this moment
   */
  public int connections() {
    return runtime.sessions.size();
  }

  /**
   * Lets everyone in all rooms hear something, once on each connection.
   *
   * @param text what to hear
   */
  public void announce(String text) {
    announce(Payload.text(text), rooms());
  }

  /**
   * Lets everyone in some rooms hear something, once on each connection, also on those that are in
   * several of the rooms. It has one place in the order of all these rooms.
   *
   * @param payload what to hear
   * @param rooms where
   */
  public void announce(Payload payload, Collection<Room> rooms) {
    runtime.rooms.announce(payload, rooms);
  }

  /**
   * The door for transports; applications do not need it.
   *
   * @return the gateway of this chat
   */
  public Gateway gateway() {
    return runtime;
  }

  /**
   * Where connections come in that speak another dialect than plain text.
   *
   * @return the foyer
   */
  @SuppressWarnings("exports") // for the protocol modules, to which the package is exported
  public ProtocolGateway protocolGateway() {
    return runtime;
  }

  /**
   * Shuts down, politely and within {@link Limits#shutdownTimeout}: nobody is let in any more,
   * everyone leaves, what is queued is written, clients are told to come back ({@link
   * CloseStatus#RESTART}), and who has not gone when the time is up is cut off. Returns when all is
   * done and no thread of the chat is left. Calls after the first return at once.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      runtime.sessions.close();
      runtime.scheduler.stop();
    }
  }

  /** Builds a {@link Chat}. Not for use by several threads. */
  public static final class Builder {
    private final RoomHandler handler;
    private final Map<String, RoomOptions> declared = new HashMap<>();
    private final Set<String> origins = new HashSet<>();
    private boolean originRequired;
    private boolean mayBlock = true;
    private Authenticator authenticator = Authenticator.acceptAll();
    private Limits limits = Limits.defaults();
    private @Nullable RoomOptions defaults = RoomOptions.defaults();
    private @Nullable Scheduler scheduler;
    private LogEngine logEngine = LogEngine.inMemory();

    private Builder(RoomHandler handler) {
      this.handler = Objects.requireNonNull(handler, "handler");
    }

    /**
     * Who decides who enters.
     *
     * @param authenticator by default {@link Authenticator#acceptAll}
     * @return this
     */
    public Builder authenticator(Authenticator authenticator) {
      this.authenticator = Objects.requireNonNull(authenticator, "doorman");
      return this;
    }

    /**
     * The limits.
     *
     * @param limits by default {@link Limits#defaults}
     * @return this
     */
    public Builder limits(Limits limits) {
      this.limits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /**
     * How rooms are that were not declared by name.
     *
     * @param options by default {@link RoomOptions#defaults}
     * @return this
     * @throws IllegalArgumentException if they are permanent: rooms that anybody can make by
     *     joining would stay for ever
     */
    public Builder rooms(RoomOptions options) {
      if (options.isPermanent()) {
        throw new IllegalArgumentException(
            "rooms that come by joining cannot all be permanent: declare the permanent ones with"
                + " room(name, options)");
      }
      this.defaults = options;
      return this;
    }

    /**
     * Lets nobody make a room by coming: there are those that are declared with {@link #room} and
     * opened with {@link Chat#open}, and whoever wants into another one is refused with status 404
     * and {@link Rejection#UNKNOWN_ROOM}.
     *
     * @return this
     */
    public Builder onlyDeclaredRooms() {
      this.defaults = null;
      return this;
    }

    /**
     * Declares how one room is; a permanent one exists from the start.
     *
     * @param name the room's name, 1 to 128 characters, none of them a control character
     * @param options how it is
     * @return this
     * @throws IllegalArgumentException if the name is not allowed
     */
    public Builder room(String name, RoomOptions options) {
      Identifiers.requireRoomName(name);
      declared.put(name, options);
      return this;
    }

    /**
     * Lets pages of other origins connect. Pages of the same origin as the {@code Host} always may,
     * all others are refused with status 403.
     *
     * @param allowed origins such as {@code https://example.org}; {@code *} for all, {@code null}
     *     for pages that have none, such as files
     * @return this
     * @throws IllegalArgumentException if one of them is no origin
     */
    public Builder allowOrigins(String... allowed) {
      for (String origin : allowed) {
        origins.add(OriginCheck.validated(origin));
      }
      return this;
    }

    /**
     * Refuses clients that send no {@code Origin}, which is all but browsers, with status 403.
     *
     * @return this
     */
    public Builder requireOrigin() {
      originRequired = true;
      return this;
    }

    /**
     * Promises that the handler's callbacks never block: no database, no network, no lock that is
     * held for long. Transports then run them on the threads that read from many connections,
     * without a detour. A callback that blocks all the same holds up everybody on such a thread.
     *
     * @return this
     */
    public Builder nonBlocking() {
      mayBlock = false;
      return this;
    }

    /**
     * What drives the chat; for tests and special transports.
     *
     * @param scheduler by default own threads, as many lanes as the machine has processors
     * @return this
     */
    public Builder scheduler(Scheduler scheduler) {
      this.scheduler = Objects.requireNonNull(scheduler, "engine");
      return this;
    }

    /**
     * What carries the messages between the servers that have the same rooms.
     *
     * @param logEngine by default {@link LogEngine#inMemory}: this server is the only one
     * @return this
     */
    public Builder logEngine(LogEngine logEngine) {
      this.logEngine = Objects.requireNonNull(logEngine, "backplane");
      return this;
    }

    /**
     * Makes the chat.
     *
     * @return the chat, ready to be mounted
     * @throws IllegalStateException if more permanent rooms are declared than the limit allows
     */
    public Chat build() {
      Scheduler effectiveScheduler =
          scheduler == null
              ? new DefaultScheduler(Runtime.getRuntime().availableProcessors())
              : scheduler;
      ChatRuntime runtime =
          new ChatRuntime(
              handler,
              authenticator,
              new OriginCheck(origins, originRequired),
              mayBlock,
              limits,
              effectiveScheduler,
              logEngine,
              defaults,
              declared);
      runtime.rooms.openPermanent();
      runtime.sessions.start();
      return runtime.chat;
    }
  }
}
