package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import dev.roomful.spring.AfterCommitPublisher;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Publishes messages after the commit of a transaction. */
@AutoConfiguration(after = RoomfulAutoConfiguration.class)
@ConditionalOnClass(TransactionSynchronizationManager.class)
@ConditionalOnSingleCandidate(Chat.class)
public final class RoomfulTransactionAutoConfiguration {
  RoomfulTransactionAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  AfterCommitPublisher roomfulAfterCommitPublisher(Chat chat) {
    return new AfterCommitPublisher(chat);
  }
}
