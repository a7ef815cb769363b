package dev.roomful.testing;

import dev.roomful.Chat;
import dev.roomful.admission.AcceptedAdmission;
import dev.roomful.admission.Admission;
import dev.roomful.admission.Handshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * One node of a {@link TestCluster}: a chat, its clients, and its link to the engine. For one
 * thread.
 */
public final class TestNode {
  private final int index;
  private final SimulatedServer server;
  private final IntFunction<Chat.Builder> builders;
  private final List<TestClient> clients = new ArrayList<>();
  private NodeScheduler scheduler;
  private SimulatedEngine engine;
  private TestChat chat;
  private boolean crashed;
  private boolean paused;

  TestNode(int index, SimulatedServer server, IntFunction<Chat.Builder> builders) {
    this.index = index;
    this.server = server;
    this.builders = builders;
    this.scheduler = new NodeScheduler(server.network(), toString());
    this.engine = new SimulatedEngine(server, toString());
    this.chat = start();
  }

  private TestChat start() {
    return new TestChat(
        builders.apply(index).cluster(engine),
        scheduler,
        server.network()::advance,
        server.network());
  }

  /**
   * Returns the chat of this node, to look at its rooms and participants. A stage that a call of it
   * returns is complete after {@link TestCluster#deliver}.
   *
   * @return the chat
   * @throws IllegalStateException if the node has crashed
   */
  public Chat chat() {
    requireRunning();
    server.network().beforeRead();
    return chat.chat();
  }

  /**
   * Connects a client of this node to a room, without calling the authenticator.
   *
   * @param room the room's name
   * @param id the participant's id; clients with the same id are one participant, also on other
   *     nodes
   * @return the client
   * @throws IllegalStateException if the node has crashed
   */
  public TestClient connect(String room, String id) {
    return connect(AcceptedAdmission.of(id, room));
  }

  /**
   * Connects a client of this node with an admission, without calling the authenticator.
   *
   * @param admission who it is, and which room it joins
   * @return the client; already closed if it could not join
   * @throws IllegalStateException if the node has crashed
   */
  public TestClient connect(AcceptedAdmission admission) {
    return connect(admission, Optional.empty());
  }

  private TestClient connect(AcceptedAdmission admission, Optional<String> remoteAddress) {
    requireRunning();
    TestClient client = chat.connect(admission, remoteAddress);
    if (crashed) {
      client.crash();
    }
    clients.add(client);
    return client;
  }

  /**
   * Connects a client of this node with a handshake, which the authenticator has to accept.
   *
   * @param handshake the handshake, such as a {@link TestHandshake}
   * @return the client
   * @throws IllegalStateException if the handshake is rejected, or the node has crashed
   */
  public TestClient connect(Handshake handshake) {
    return connect(TestChat.accepted(admit(handshake)), handshake.remoteAddress());
  }

  /**
   * Checks a handshake by origin, authenticator and limits, without connecting.
   *
   * @param handshake the handshake
   * @return an admission or a rejection
   * @throws IllegalStateException if the node has crashed
   */
  public Admission admit(Handshake handshake) {
    requireRunning();
    return chat.admit(handshake);
  }

  /**
   * Cuts the link to the engine until {@link #heal}. Requests on their way do not reach the engine;
   * after {@link TestCluster#shuffle} some of them do, some time. Answers and messages on their way
   * to the node are lost.
   */
  public void cutOff() {
    server.network().note(this + " is cut off");
    engine.cut();
    server.network().afterCall();
  }

  /** Lets the node connect to the engine again. */
  public void heal() {
    server.network().note(this + " is healed");
    engine.heal();
    server.network().afterCall();
  }

  /**
   * Ends the node as a killed process does: its clients lose their connections, and nobody is
   * notified. Has no effect on a node that has crashed.
   */
  public void crash() {
    if (!crashed) {
      server.network().note(this + " crashes");
      crashed = true;
      engine.crash();
      scheduler.crash();
      clients.forEach(TestClient::crash);
      clients.clear();
      server.network().afterCall();
    }
  }

  /**
   * Lets the node do nothing until it goes on, as a stopped process does. Its clients must not be
   * used meanwhile.
   */
  void pause() {
    server.network().note(this + " pauses");
    paused = true;
    scheduler.pause(true);
    engine.pause(true);
  }

  /** Lets a paused node go on. */
  void goOn() {
    server.network().note(this + " goes on");
    paused = false;
    scheduler.pause(false);
    engine.pause(false);
    server.network().afterCall();
  }

  /** Sets the time of day of the node forward or back. */
  void shiftClock(Duration by) {
    scheduler.shiftClock(by);
  }

  /** Starts a new chat in place of this one, which is closed first unless it has crashed. */
  public void restart() {
    close();
    server.network().note(this + " restarts");
    clients.clear();
    crashed = false;
    paused = false;
    scheduler = new NodeScheduler(server.network(), toString());
    engine = new SimulatedEngine(server, toString());
    chat = start();
    server.network().afterCall();
  }

  /** Closes the chat and its link, unless the node has crashed. */
  void close() {
    if (!crashed) {
      chat.close();
      engine.close();
    }
  }

  /** {@return the link of this node to the engine} */
  SimulatedEngine engine() {
    return engine;
  }

  /** {@return whether the node runs and reaches the engine} */
  boolean isConnected() {
    return !crashed && !paused && engine.isConnected();
  }

  boolean hasCrashed() {
    return crashed;
  }

  boolean isPaused() {
    return paused;
  }

  private void requireRunning() {
    if (crashed) {
      throw new IllegalStateException(this + " has crashed: restart it before use");
    }
  }

  /** {@return "node" and its number, for messages} */
  @Override
  public String toString() {
    return "node " + index;
  }
}
