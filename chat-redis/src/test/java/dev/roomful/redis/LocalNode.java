package dev.roomful.redis;

import dev.roomful.testkit.TcpProxy;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A node in this JVM. */
final class LocalNode implements FaultNode {
  private final FaultChat chat;
  private final TcpProxy link;
  private boolean killed;

  /** Connects a node; fails if Redis does not answer. */
  static LocalNode start(String uri, FaultChat.Reports reports) throws IOException {
    TcpProxy link = new TcpProxy(URI.create(uri));
    try {
      return new LocalNode(FaultChat.start(link.address().getPort(), reports), link);
    } catch (RuntimeException notStarted) {
      link.close();
      throw notStarted;
    }
  }

  private LocalNode(FaultChat chat, TcpProxy link) {
    this.chat = chat;
    this.link = link;
  }

  @Override
  public void tell(Command command) {
    command.on(chat);
  }

  @Override
  public <T extends @Nullable Serializable> T ask(Question<T> question) {
    return question.to(chat);
  }

  @Override
  public TcpProxy link() {
    return link;
  }

  @Override
  public boolean isKilled() {
    return killed;
  }

  @Override
  public boolean isPaused() {
    return false;
  }

  @Override
  public void kill() throws IOException {
    killed = true;
    link.close();
    chat.disconnect();
  }

  @Override
  public void stop() throws IOException {
    killed = true;
    chat.close();
    link.close();
  }

  @Override
  public void pause() {
    throw new UnsupportedOperationException("a node in this JVM cannot pause");
  }

  @Override
  public void resume() {
    throw new UnsupportedOperationException("a node in this JVM cannot pause");
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}
