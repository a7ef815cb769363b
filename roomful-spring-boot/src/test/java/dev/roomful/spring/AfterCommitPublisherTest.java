package dev.roomful.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roomful.RejectedException;
import dev.roomful.RoomHandler;
import dev.roomful.admission.Position;
import dev.roomful.testing.TestChat;
import dev.roomful.testing.TestClient;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

class AfterCommitPublisherTest {
  private final TestChat chat = TestChat.of(new RoomHandler() {});
  private final TestClient ann = chat.connect("orders", "ann");
  private final AfterCommitPublisher publisher = new AfterCommitPublisher(chat.chat());
  private final TransactionTemplate transactions = new TransactionTemplate(new NoResource());

  @AfterEach
  void close() {
    chat.close();
  }

  private static CompletableFuture<Position> future(CompletionStage<Position> stage) {
    return stage.toCompletableFuture();
  }

  @Test
  void messagesAreDeliveredAfterTheCommitInTheOrderOfTheCalls() {
    CompletionStage<Position> first =
        transactions.execute(
            status -> {
              CompletionStage<Position> result = publisher.publishAfterCommit("orders", "one");
              publisher.publishAfterCommit("orders", "two");
              assertThat(ann.received()).isEmpty();
              assertThat(future(result)).isNotDone();
              return result;
            });
    assertThat(ann.received()).containsExactly("one", "two");
    assertThat(future(first)).isCompletedWithValueMatching(position -> position.offset() == 1);
  }

  @Test
  void nothingIsDeliveredAfterARollback() {
    CompletionStage<Position> result =
        transactions.execute(
            status -> {
              status.setRollbackOnly();
              return publisher.publishAfterCommit("orders", "one");
            });
    assertThat(ann.received()).isEmpty();
    // Not thrown by join: JDK 25 wraps it in another exception of its class.
    assertThat(result.handle((position, failure) -> failure).toCompletableFuture().join())
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("rolled back");
  }

  @Test
  void withoutATransactionTheMessageIsPublishedAtOnce() {
    publisher.publishAfterCommit("orders", "now");
    assertThat(ann.received()).containsExactly("now");
  }

  @Test
  void aPublicationThatFailsDoesNotAffectTheCommittedTransaction() {
    CompletionStage<Position> empty =
        transactions.execute(status -> publisher.publishAfterCommit("nobody here", "one"));
    assertThatThrownBy(future(empty)::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RejectedException.class);
    CompletionStage<Position> invalid =
        transactions.execute(
            status -> {
              CompletionStage<Position> result = publisher.publishAfterCommit("a\nb", "one");
              publisher.publishAfterCommit("orders", "two");
              return result;
            });
    assertThatThrownBy(future(invalid)::join).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(ann.received()).containsExactly("two");
  }

  @Test
  void aTransactionWithinAnotherHasItsOwnOutcome() {
    TransactionTemplate inner = new TransactionTemplate(transactions.getTransactionManager());
    inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    transactions.executeWithoutResult(
        outer -> {
          publisher.publishAfterCommit("orders", "outer");
          inner.executeWithoutResult(status -> publisher.publishAfterCommit("orders", "inner"));
          assertThat(ann.received()).containsExactly("inner");
          outer.setRollbackOnly();
        });
    assertThat(ann.received()).isEmpty();
  }

  /** Transactions without a database. */
  private static final class NoResource extends AbstractPlatformTransactionManager {
    private static final long serialVersionUID = 1;

    @Override
    protected Object doGetTransaction() {
      return new Object();
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
      return org.springframework.transaction.support.TransactionSynchronizationManager
          .isActualTransactionActive();
    }

    @Override
    protected Object doSuspend(Object transaction) {
      return transaction;
    }

    @Override
    protected void doResume(Object transaction, Object suspended) {}

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {}

    @Override
    protected void doCommit(DefaultTransactionStatus status) {}

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}
  }
}
