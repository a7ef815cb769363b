package dev.roomful.redis;

import dev.roomful.testkit.TcpProxy;
import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A node of a {@link FaultStory}: a {@link FaultChat} with a link of its own to Redis. */
interface FaultNode extends AutoCloseable {
  /** Something that the chat of a node does; it can be sent to another process. */
  interface Command extends Serializable {
    void on(FaultChat chat);
  }

  /** Something that the chat of a node is asked; it can be sent to another process. */
  interface Question<T extends @Nullable Serializable> extends Serializable {
    T to(FaultChat chat);
  }

  /** Lets the chat do something, after all earlier commands. It may not be done yet. */
  void tell(Command command);

  /** Asks the chat, and waits for the answer. */
  <T extends @Nullable Serializable> T ask(Question<T> question);

  TcpProxy link();

  /** {@return whether it has ended} */
  boolean isKilled();

  /** {@return whether it stands still, so that it answers no question} */
  boolean isPaused();

  /** Ends what others see of it, as the end of its process does. */
  void kill() throws IOException;

  /** Closes its chat, as a restart of a node does. */
  void stop() throws IOException;

  /** Lets it stand still. */
  void pause() throws IOException;

  /** Lets it go on after {@link #pause}. */
  void resume() throws IOException;

  /** Releases what it needs. */
  @Override
  void close() throws IOException;
}
