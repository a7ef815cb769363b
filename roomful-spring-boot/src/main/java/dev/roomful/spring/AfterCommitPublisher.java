package dev.roomful.spring;

import dev.roomful.Chat;
import dev.roomful.Payload;
import dev.roomful.admission.Position;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes messages to rooms when the transaction of the calling thread has been committed, so
 * that nobody sees a message about a change that was rolled back.
 *
 * <pre>{@code
 * @Transactional
 * public void ship(Order order) {
 *   orders.save(order.shipped());
 *   publisher.publishAfterCommit("orders", "order " + order.id() + " has shipped");
 * }
 * }</pre>
 *
 * <p>Messages of one transaction are published in the order of the calls. A message is kept in
 * memory until the commit: a process that ends between the commit and the publication loses it. An
 * application that must not lose it stores it in the transaction, and publishes it with an
 * idempotency key until the room has accepted it.
 *
 * <p>Safe for use by many threads.
 */
public final class AfterCommitPublisher {
  private static final System.Logger LOG = System.getLogger("dev.roomful.spring");

  private final Chat chat;

  /**
   * Creates a publisher.
   *
   * @param chat the chat to publish to
   */
  public AfterCommitPublisher(Chat chat) {
    this.chat = Objects.requireNonNull(chat, "chat");
  }

  /**
   * Publishes a text without a sender after the commit, as {@link #publishAfterCommit(String,
   * Payload)} does.
   *
   * @param room the room's name
   * @param text the text
   * @return the message's position
   */
  public CompletionStage<Position> publishAfterCommit(String room, String text) {
    return publishAfterCommit(room, Payload.text(text));
  }

  /**
   * Publishes a payload without a sender after the commit; at once if the calling thread has no
   * transaction. A publication that fails after the commit is logged as a warning, and does not
   * affect the caller of the transaction.
   *
   * @param room the room's name
   * @param payload the payload
   * @return the message's position, after the commit. Fails as the result of {@link
   *     Chat#publish(String, Payload)} does, and with a {@link CancellationException} if the
   *     transaction was not committed
   */
  public CompletionStage<Position> publishAfterCommit(String room, Payload payload) {
    Objects.requireNonNull(room, "room");
    Objects.requireNonNull(payload, "payload");
    if (!TransactionSynchronizationManager.isSynchronizationActive()
        || !TransactionSynchronizationManager.isActualTransactionActive()) {
      return chat.publish(room, payload);
    }
    Publication publication = new Publication(chat, room, payload);
    TransactionSynchronizationManager.registerSynchronization(publication);
    return publication.result;
  }

  private static final class Publication implements TransactionSynchronization {
    private final CompletableFuture<Position> result = new CompletableFuture<>();
    private final Chat chat;
    private final String room;
    private final Payload payload;

    private Publication(Chat chat, String room, Payload payload) {
      this.chat = chat;
      this.room = room;
      this.payload = payload;
    }

    @Override
    public void afterCommit() {
      // An exception here would reach the caller of a transaction that has been committed.
      try {
        chat.publish(room, payload).whenComplete(this::complete);
      } catch (RuntimeException failure) {
        complete(null, failure);
      }
    }

    @Override
    public void afterCompletion(int status) {
      if (status != STATUS_COMMITTED) {
        result.completeExceptionally(
            new CancellationException(
                "the message to room \""
                    + room
                    + "\" was not published: its transaction "
                    + (status == STATUS_ROLLED_BACK
                        ? "was rolled back"
                        : "has an unknown outcome")));
      }
    }

    private void complete(@Nullable Position position, @Nullable Throwable failure) {
      if (failure == null) {
        result.complete(position);
      } else {
        LOG.log(
            Level.WARNING,
            () ->
                "A message was not published after the commit to room \""
                    + room.replaceAll("\\p{Cntrl}", "?")
                    + "\": "
                    + failure);
        result.completeExceptionally(failure);
      }
    }
  }
}
