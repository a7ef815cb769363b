package dev.roomful.internal.runtime;

import dev.roomful.Chat;
import dev.roomful.ChatHealth;
import dev.roomful.ChatSnapshot;
import dev.roomful.ChatStats;
import dev.roomful.Outcome;
import dev.roomful.Participant;
import dev.roomful.Payload;
import dev.roomful.Revocation;
import dev.roomful.Room;
import dev.roomful.RoomOptions;
import dev.roomful.SessionInfo;
import dev.roomful.admission.Position;
import dev.roomful.protocol.ProtocolGateway;
import dev.roomful.transport.Gateway;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A chat of one node, as applications see it. */
public final class LocalChat implements Chat, Gateway.Source, ProtocolGateway.Source {
  private final ChatRuntime runtime;
  private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  public LocalChat(ChatRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Optional<Room> room(String name) {
    return runtime.rooms.get(name).map(room -> room);
  }

  @Override
  public Collection<Room> rooms() {
    return List.copyOf(runtime.rooms.all());
  }

  @Override
  public Room open(String name, RoomOptions options) {
    if (runtime.sessions.isClosing()) {
      throw new IllegalStateException("the chat is closed: it cannot open room \"" + name + "\"");
    }
    return runtime.rooms.open(name, options);
  }

  @Override
  public CompletionStage<Position> publish(String room, Payload payload) {
    return runtime.rooms.publish(room, payload);
  }

  @Override
  public Optional<Participant> participant(String id) {
    return runtime.participant(id);
  }

  @Override
  public int participants() {
    return runtime.participants.size();
  }

  @Override
  public int connections() {
    return runtime.sessions.size();
  }

  @Override
  public long failedCallbacks() {
    return runtime.environment.calls().failures();
  }

  @Override
  public ChatHealth health() {
    return runtime.health();
  }

  @Override
  public ChatStats stats() {
    return runtime.stats();
  }

  @Override
  public ChatSnapshot snapshot(int limit) {
    return runtime.snapshot(limit);
  }

  @Override
  public Outcome revoke(String participantId) {
    return runtime.revoke(participantId);
  }

  @Override
  public Outcome revoke(Revocation revocation) {
    return runtime.sessions.revoke(revocation);
  }

  @Override
  public List<SessionInfo> sessions(String participantId) {
    return runtime.sessions(participantId);
  }

  @Override
  public void announce(Payload payload, Collection<Room> rooms) {
    runtime.rooms.announce(payload, rooms);
  }

  @Override
  public Gateway gateway() {
    return runtime;
  }

  @Override
  public ProtocolGateway protocolGateway() {
    return runtime;
  }

  @Override
  public CompletionStage<Void> drain() {
    return closer.get() == null ? runtime.sessions.drain() : closed.copy().minimalCompletionStage();
  }

  /** A later call waits for the first one, unless that one waits for the caller. */
  @Override
  public void close() {
    if (closer.compareAndSet(null, Thread.currentThread())) {
      try {
        runtime.close();
      } finally {
        closed.complete(null);
      }
    } else if (closer.get() != Thread.currentThread() && !runtime.isInCallback()) {
      try {
        closed.get();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
