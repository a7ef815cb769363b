package dev.roomful.internal.session;

import dev.roomful.internal.delivery.UnsentFrames;
import dev.roomful.transport.Frame;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lets a client continue on another connection: the secret, the sessions before and after this
 * one, and the frames that were sent to this client alone and not written yet.
 *
 * <p>The links are set with the monitor of the {@link ParticipantRegistry} held; frames are guarded
 * by the monitor of the session that this object belongs to.
 */
final class Resumption {
  private final int maxBytes;
  private volatile @Nullable String secret;
  private volatile List<Session> predecessors = List.of();
  private volatile @Nullable Session successor;

  /** Set if this session could not resume its predecessors: the newest of them has its frames. */
  private volatile @Nullable Session fallback;

  private @Nullable UnsentFrames mailbox;

  /**
   * Creates the resumption of a new session.
   *
   * @param secret the secret of the client, or null if it cannot resume
   * @param maxBytes the bound of the frames that are kept
   */
  Resumption(@Nullable String secret, int maxBytes) {
    this.secret = secret;
    this.maxBytes = maxBytes;
  }

  @Nullable String secret() {
    return secret;
  }

  void setSecret(String newSecret) {
    secret = newSecret;
  }

  boolean hasSecret(String candidate) {
    String own = secret;
    return own != null
        && MessageDigest.isEqual(
            own.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  List<Session> predecessors() {
    return predecessors;
  }

  /** {@return the session that has taken this one's place, or null} */
  @Nullable Session successor() {
    return successor;
  }

  /** {@return the session that is to be used instead of this one, or null} */
  @Nullable Session redirect() {
    Session next = successor;
    return next == null ? fallback : next;
  }

  /**
   * Remembers the end of the way to the newest session: a message that is kept for long would
   * otherwise keep all sessions between alive.
   */
  void shortcut(Session newest) {
    Session next = successor;
    if (next != null && next != newest && newest.resumption != this) {
      successor = newest;
    }
  }

  /** Links a session to those that it is about to resume, before other threads see it. */
  void begin(Session session, List<Session> resumed) {
    predecessors = resumed;
    if (!resumed.isEmpty()) {
      keepFrames(); // until those of the predecessors are queued ahead of them
    }
    for (Session old : resumed) {
      secret = old.resumption.secret;
      old.resumption.successor = session;
    }
  }

  /** Ends the attempt of a session to resume others, which can be resumed by another one then. */
  void cancel(Session session) {
    List<Session> resumed = predecessors;
    predecessors = List.of();
    for (Session old : resumed) {
      if (old.resumption.successor == session) {
        old.resumption.successor = null;
        fallback = old;
      }
    }
  }

  void succeeded() {
    predecessors = List.of();
  }

  /** From now on frames for this client alone are kept. */
  void keepFrames() {
    mailbox = new UnsentFrames(maxBytes);
  }

  boolean keepsFrames() {
    return mailbox != null;
  }

  /** Keeps a frame; returns false if there are too many. */
  boolean keep(Frame frame) {
    return mailbox != null && mailbox.add(frame);
  }

  /** Gives out the frames that were kept, once, and keeps no more. */
  List<Frame> takeFrames() {
    UnsentFrames current = mailbox;
    mailbox = null;
    return current == null ? List.of() : current.take();
  }
}
