import { type Action, action } from './action.ts'

/** Actions that change or remove something. */
export const CHANGING: readonly Action[] = [
  action(
    'create_{noun} add_{noun} new_{noun} register_{noun}',
    ['write', 'one', 7],
    ['values'],
    ['changes', 'options', 'dry_run', 'record'],
    [
      'Create {a_noun}',
      'Add {a_noun} with {fields}.',
      'Register a new {noun} in {service}',
      'Creates {a_noun} and returns it with its new id.',
      'Adds {a_noun} to the {about}; {fields} can be set at once.',
      'Registers a new {noun}. The record is checked before it is stored.',
    ],
  ),
  action(
    'update_{noun} edit_{noun} modify_{noun} patch_{noun}',
    ['write', 'one', 6],
    ['id'],
    ['changes', 'options', 'dry_run', 'record'],
    [
      'Update {a_noun}',
      'Change {fields} of {a_noun}',
      'Edit an existing {noun} of {service}.',
      'Updates {a_noun}. Members that are left out stay as they are.',
      'Changes {fields} of one {noun} and returns the new record.',
    ],
  ),
  action(
    'delete_{noun} remove_{noun} drop_{noun} destroy_{noun}',
    ['destroy', 'done', 5],
    ['id'],
    ['reason', 'dry_run', 'options'],
    [
      'Delete {a_noun}',
      'Remove {a_noun} from {service}',
      'Deletes {a_noun} for good.',
      'Removes {a_noun} and whatever hangs on it. This cannot be undone.',
      'Permanently removes one {noun} from the {about}.',
    ],
  ),
  action(
    'import_{nouns} bulk_create_{nouns} load_{nouns} batch_add_{nouns}',
    ['write', 'many', 3],
    ['records'],
    ['dry_run', 'options', 'reason'],
    [
      'Import {nouns}',
      'Create many {nouns} in one go',
      'Imports up to 500 {nouns}; those that are wrong are reported and left out.',
      'Takes a list of {nouns} with {fields} and stores them together, all or none.',
    ],
  ),
  action(
    'archive_{noun} close_{noun} retire_{noun}',
    ['write', 'done', 2],
    ['id'],
    ['reason', 'when', 'dry_run'],
    [
      'Archive {a_noun}',
      'Close {a_noun} of {service}',
      'Takes {a_noun} out of use. It stays readable and can be brought back.',
      'Marks one {noun} as finished, so that lists leave it out.',
    ],
  ),
  action(
    'restore_{noun} reopen_{noun} reactivate_{noun}',
    ['write', 'one', 1],
    ['id'],
    ['reason'],
    [
      'Restore {a_noun}',
      'Bring {a_noun} back',
      'Puts {a_noun} back into use after it was archived.',
      'Reopens one {noun}, with {fields} as they were.',
    ],
  ),
  action(
    'assign_{other}_to_{noun} link_{other}_to_{noun} attach_{other}_to_{noun}',
    ['write', 'done', 3],
    ['id', 'other_id'],
    ['when', 'reason', 'options'],
    [
      'Link {a_other} to {a_noun}',
      'Assign {a_other} to {a_noun}',
      'Connects {a_other} with {a_noun}; both have to be there already.',
      'Puts {a_other} to {a_noun}, in the place of the one before.',
    ],
  ),
  action(
    'schedule_{noun} plan_{noun} book_{noun}',
    ['write', 'one', 2],
    ['id', 'when'],
    ['options', 'reason', 'conditions', 'dry_run'],
    [
      'Schedule {a_noun}',
      'Plan {a_noun} ahead',
      'Plans {a_noun} for a time to come and returns the plan.',
      'Sets the time of {a_noun}; what collides with it is named in the answer.',
    ],
  ),
  action(
    'bulk_update_{nouns} update_many_{nouns} set_{nouns}',
    ['write', 'many', 1],
    ['ids'],
    ['changes', 'dry_run', 'reason'],
    [
      'Update many {nouns}',
      'Change several {nouns} in {service} at once',
      'Sets the same {fields} for a list of {nouns}.',
      'Applies one change to up to 200 {nouns} and reports on each.',
    ],
  ),
]
